package ui

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A clock is set by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// streamsTo returns streams that both write to w. With a width they are a terminal.
func streamsTo(w io.Writer, width, height int, env map[string]string) (*Streams, *clock) {
	c := &clock{now: time.Unix(1700000000, 0)}
	s := NewStreams(strings.NewReader(""), w, w, func(name string) string { return env[name] }, c.Now)
	s.Size = func(io.Writer) (int, int, bool) { return width, height, width > 0 }
	return s, c
}

func recorded(t *testing.T, data []byte) (events []Event) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	for d.More() {
		var e Event
		if err := d.Decode(&e); err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return events
}

func play(s *Streams, c *clock, o Options, events []Event) {
	d := NewDisplay(s, o)
	for _, e := range events {
		d.Event(e)
		c.advance(time.Second)
	}
	d.Close()
	d.Close()
}

func visible(s string) string { return strings.NewReplacer("\x1b", "␛", "\r", "␍").Replace(s) }

func TestEveryDisplayShowsARun(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/run.txtar")
	if err != nil {
		t.Fatal(err)
	}
	events := recorded(t, archive.Files[0].Data)
	golden := &txtar.Archive{Comment: archive.Comment, Files: archive.Files[:1]}
	show := func(name string, width int, o Options, env map[string]string) {
		var w fmt.Stringer = &bytes.Buffer{}
		if width > 0 && env == nil {
			w = newVT(t, width, 10)
		}
		s, c := streamsTo(w.(io.Writer), width, 10, env)
		play(s, c, o, events)
		golden.Files = append(golden.Files, txtar.File{Name: name, Data: []byte(visible(w.String()))})
	}
	show("plain", 0, Options{}, nil)
	show("plain coloured", 0, Options{}, map[string]string{"FORCE_COLOR": "1"})
	show("plain on a dumb terminal", 60, Options{}, map[string]string{"TERM": "dumb"})
	show("terminal", 60, Options{}, nil)
	show("terminal verbose", 60, Options{Verbose: true}, nil)
	show("quiet", 60, Options{Quiet: true}, nil)
	show("github", 0, Options{}, map[string]string{"GITHUB_ACTIONS": "true"})
	show("gitlab", 0, Options{}, map[string]string{"GITLAB_CI": "true"})
	show("json", 0, Options{JSON: true, Quiet: true}, nil)
	compare(t, "testdata/run.txtar", txtar.Format(golden))
}

func compare(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", file, diff)
	}
}

func TestConcurrentStepsLeaveWholeLines(t *testing.T) {
	for _, o := range []Options{{}, {JSON: true}, {Quiet: true}} {
		var out bytes.Buffer
		s, _ := streamsTo(&out, 0, 0, nil)
		d := NewDisplay(s, o)
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() { noisy(d, fmt.Sprintf("s%d", n)) })
		}
		all.Wait()
		d.Close()
		for line := range strings.Lines(out.String()) {
			checkNoisy(t, o, line)
		}
		if n := strings.Count(out.String(), "le of "); !o.Quiet && n != 8*50 {
			t.Errorf("%+v: %d lines came through, wanted %d", o, n, 8*50)
		}
	}
}

func noisy(d Display, step string) {
	d.Event(Event{Type: EventStep, Step: step, Status: StatusRunning})
	for range 50 {
		for _, piece := range []string{"who", "le of ", step, "\n"} {
			d.Event(Event{Type: EventOutput, Step: step, Stream: "stdout", Text: piece})
		}
	}
	d.Event(Event{Type: EventStep, Step: step, Status: StatusOK})
}

func checkNoisy(t *testing.T, o Options, line string) {
	t.Helper()
	if o.JSON {
		if !json.Valid([]byte(line)) || !strings.HasPrefix(line, `{"version":1,"type":`) {
			t.Errorf("not one event: %q", line)
		}
		return
	}
	if step, text, _ := strings.Cut(strings.TrimSpace(line), " | "); text != "" && text != "whole of "+step {
		t.Errorf("a torn line: %q", line)
	}
}

func TestAnInteractiveStepSilencesTheOthers(t *testing.T) {
	for _, width := range []int{0, 80} {
		var out bytes.Buffer
		s, _ := streamsTo(&out, width, 24, nil)
		d := NewDisplay(s, Options{})
		d.Event(Event{Type: EventRun, Steps: 3})
		d.Event(Event{Type: EventStep, Step: "build", Status: StatusRunning, Command: "make"})
		d.Event(Event{Type: EventStep, Step: "run", Status: StatusRunning, Interactive: true})
		if width > 0 && !strings.HasSuffix(out.String(), "\x1b[?25h") {
			t.Errorf("the cursor is not given to the step: %q", out.String())
		}
		before := out.Len()
		d.Event(Event{Type: EventOutput, Step: "build", Text: "noise\n"})
		d.Event(Event{Type: EventStep, Step: "build", Status: StatusFailed, Exit: 2})
		d.Event(Event{Type: EventWarning, Text: "noise"})
		if out.Len() != before {
			t.Errorf("width %d: while the step owns the terminal there is %q", width, out.String()[before:])
		}
		d.Event(Event{Type: EventStep, Step: "run", Status: StatusOK})
		if got := out.String()[before:]; !strings.Contains(got, "noise\n") ||
			!strings.Contains(got, "exit status 2") {
			t.Errorf("width %d: afterwards there is only %q", width, got)
		}
		d.Close()
	}
}

func TestClosePrintsHeldEvents(t *testing.T) {
	for name, env := range map[string]map[string]string{"plain": nil, "github": {"GITHUB_ACTIONS": "true"}} {
		var out bytes.Buffer
		s, _ := streamsTo(&out, 0, 0, env)
		d := NewDisplay(s, Options{})
		d.Event(Event{Type: EventStep, Step: "a", Status: StatusRunning})
		d.Event(Event{Type: EventOutput, Step: "a", Stream: "stdout", Text: "half a line"})
		d.Event(Event{Type: EventStep, Step: "b", Status: StatusRunning, Interactive: true})
		d.Event(Event{Type: EventOutput, Step: "a", Stream: "stdout", Text: " more"})
		d.Close()
		d.Event(Event{Type: EventWarning, Text: "late"})
		if got := out.String(); !strings.Contains(got, "half a line more\n") ||
			strings.Contains(got, "late") {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestJSONKeepsRunesWhole(t *testing.T) {
	var out bytes.Buffer
	s, _ := streamsTo(&out, 0, 0, nil)
	d := NewDisplay(s, Options{JSON: true})
	for _, piece := range []string{"\xe2", "\x82", "\xac <&> \xff!\xe2"} {
		d.Event(Event{Type: EventOutput, Step: "a", Stream: "stdout", Text: piece})
	}
	d.Event(Event{Type: EventStep, Step: "a", Status: StatusOK})
	want := `{"version":1,"type":"output","step":"a","stream":"stdout","text":"€ <&> \ufffd!"}
{"version":1,"type":"output","step":"a","stream":"stdout","text":"\ufffd"}
{"version":1,"type":"step","step":"a","status":"ok"}
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}
