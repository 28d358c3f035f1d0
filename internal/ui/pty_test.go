//go:build !windows

package ui

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"
)

func TestARealTerminalIsRecognised(t *testing.T) {
	master, tty, err := pty.Open()
	if err != nil {
		t.Skip("no pseudo-terminal here:", err)
	}
	defer master.Close()
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 12, Cols: 33}); err != nil {
		t.Fatal(err)
	}
	shown := make(chan []byte)
	go func() {
		data, _ := io.ReadAll(master) // ends with an error on Linux when the other side is closed
		shown <- data
	}()
	s := NewStreams(tty, tty, tty, func(string) string { return "" },
		func() time.Time { return time.Unix(0, 0) })
	if w, h := s.OutSize(); w != 33 || h != 12 || !s.OutTerminal() || !s.ErrTerminal() || !s.InTerminal() {
		t.Errorf("the terminal has %d columns and %d rows, wanted 33 and 12", w, h)
	}
	play(s, &clock{}, Options{}, []Event{
		{Type: EventRun, Steps: 2}, begun("go:build", "go build -trimpath ./cmd/..."),
		{Type: EventStep, Step: "go:build", Status: StatusOK, Seconds: 1}, step("go:lint", StatusCached),
		{Type: EventEnd, Status: StatusOK, Seconds: 1},
	})
	tty.Close()
	data := <-shown
	screen := newVT(t, 33, 12)
	screen.Write(data)
	want := "✓ go:build 1.0s\n✓ go:lint cached\n\nok in 1.0s: 1 cached, 1 ran\n"
	if diff := cmp.Diff(want, screen.String()); diff != "" || screen.cursorHidden() {
		t.Errorf("cursor hidden %v:\n%s", screen.cursorHidden(), diff)
	}
	if !bytes.Contains(data, []byte("\x1b[32m✓\x1b[0m")) {
		t.Errorf("there is no colour in %q", data)
	}
}
