package ui

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"
)

func TestAsk(t *testing.T) {
	for answer, want := range map[string]bool{"y\n": true, "YES\r\n": true, "yes": true, "\n": false,
		"": false, "no\n": false, "yeah\n": false} {
		var out bytes.Buffer
		s := &Streams{In: strings.NewReader(answer), err: &out}
		if got, err := s.Ask(context.Background(), "Change\x1b[2J dev?"); err != nil || got != want {
			t.Errorf("%q: got %v, %v", answer, got, err)
		}
		if got := out.String(); got != `Change\x1b[2J dev? [y/N] ` {
			t.Errorf("asked %q", got)
		}
	}
}

func TestAskEndsWithCtrlC(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, w := io.Pipe()
	defer w.Close()
	if yes, err := (&Streams{In: r, err: io.Discard}).Ask(ctx, "?"); yes || err == nil {
		t.Errorf("got %v, %v", yes, err)
	}
}

func TestAge(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0s", 59 * time.Second: "59s", 61 * time.Second: "1m", 25 * time.Hour: "25h",
		50 * time.Hour: "2d",
	} {
		if got := Age(d); got != want {
			t.Errorf("%v is %s, want %s", d, got, want)
		}
	}
}
