package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/ui"
)

func TestTrack(t *testing.T) {
	said := []string{"up:web running", "up:web |a", "up:db running", "up:db |b", "up:web |c"}
	for _, c := range []struct {
		ends []ui.Event
		err  error
		want []string
	}{
		{nil, nil, []string{"up:web ok", "up:db ok"}},
		{[]ui.Event{{Step: "db", Status: ui.StatusFailed, Reason: "is sick"}, {Step: "web", Status: ui.StatusOK}, {Step: "idle", Status: ui.StatusOK}},
			errors.New("service \"db\": is sick"), []string{"up:db failed is sick", "up:web ok"}},
		{[]ui.Event{{Step: "db", Status: ui.StatusOK}}, errors.New("no engine\nany more"), []string{"up:db ok", "up:web failed no engine"}},
		{[]ui.Event{{Step: "web", Status: ui.StatusOK}, {Step: "db", Status: ui.StatusOK}, {Step: "quiet", Status: ui.StatusFailed, Reason: "is sick"}},
			errors.New("service \"quiet\": is sick"), []string{"up:web ok", "up:db ok", "up:quiet running", "up:quiet failed is sick"}},
		{nil, errors.New("no engine"), []string{"up:web cancelled", "up:db cancelled"}},
		{[]ui.Event{{Step: "db", Status: ui.StatusOK}}, context.Canceled, []string{"up:db ok", "up:web cancelled"}},
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
		for _, e := range c.ends {
			e.Type = ui.EventStep
			tr.event(e)
		}
		tr.end(c.err)
		if want := slices.Concat(said, c.want); !slices.Equal(got, want) {
			t.Errorf("%v: got %q, wanted %q", c.err, got, want)
		}
	}
}

func pad(reason string) string {
	if reason == "" {
		return ""
	}
	return " " + reason
}
