package app

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/ui"
)

func TestTrack(t *testing.T) {
	for _, c := range []struct {
		err  error
		want []string
	}{
		{nil, []string{"up:web running", "up:web |a", "up:db running", "up:db |b", "up:web |c", "up:web ok", "up:db ok"}},
		{errors.New("service \"db\": is sick\n  log"), []string{
			"up:web running", "up:web |a", "up:db running", "up:db |b", "up:web |c", "up:web cancelled", "up:db failed is sick"}},
	} {
		var got []string
		tr := &track{prefix: "up:", now: time.Now, began: map[string]time.Time{}, emit: func(e ui.Event) {
			if e.Type == ui.EventOutput {
				got = append(got, e.Step+" |"+e.Text)
			} else {
				got = append(got, fmt.Sprintf("%s %s", e.Step, e.Status+pad(e.Reason)))
			}
		}}
		for _, e := range []string{"web a", "db b", "web c"} {
			var step, text string
			fmt.Sscan(e, &step, &text)
			tr.event(ui.Event{Type: ui.EventOutput, Step: step, Text: text})
		}
		tr.end(c.err)
		if !slices.Equal(got, c.want) {
			t.Errorf("%v: got %q", c.err, got)
		}
	}
}

func pad(reason string) string {
	if reason == "" {
		return ""
	}
	return " " + reason
}
