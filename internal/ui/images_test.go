package ui

import (
	"bytes"
	"strings"
	"testing"
)

// The images of a run are the very last line of every display, and with --json a key of the last event.
func TestImagesAreTheLastLines(t *testing.T) {
	for name, c := range map[string]struct {
		o     Options
		width int
		env   map[string]string
		want  string
	}{
		"plain":    {Options{}, 0, nil, "\nr.io/shop@sha256:12\n"},
		"terminal": {Options{}, 80, nil, "\nr.io/shop@sha256:12\n"},
		"quiet":    {Options{Quiet: true}, 0, nil, "r.io/shop@sha256:12\n"},
		"grouped":  {Options{}, 0, map[string]string{"GITHUB_ACTIONS": "true"}, "\nr.io/shop@sha256:12\n"},
		"json":     {Options{JSON: true}, 0, nil, `"references":["r.io/shop@sha256:12"]}` + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			out := &bytes.Buffer{}
			s, _ := streamsTo(out, c.width, 24*min(c.width, 1), c.env)
			d := NewDisplay(s, c.o)
			for _, e := range []Event{
				{Type: EventRun, Steps: 2}, step("a", StatusOK), step("b", StatusOK),
				{Type: EventEnd, Status: StatusOK, References: []string{"r.io/shop@sha256:12"}},
			} {
				d.Event(e)
			}
			d.Close()
			d.Close()
			if !strings.HasSuffix(out.String(), c.want) || strings.Count(out.String(), "r.io") != 1 {
				t.Errorf("got %q", out.String())
			}
		})
	}
}
