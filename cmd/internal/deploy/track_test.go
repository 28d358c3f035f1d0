package deploy

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
	said := []string{"web running", "web |a", "db running", "db |b", "web |c"}
	for _, c := range []struct {
		ends []ui.Event
		err  error
		want []string
	}{
		{nil, nil, []string{"web ok", "db ok"}},
		{[]ui.Event{{Step: "db", Status: ui.StatusFailed, Reason: "is sick"},
			{Step: "web", Status: ui.StatusOK}, {Step: "idle", Status: ui.StatusOK}},
			errors.New("service \"db\": is sick"), []string{"db failed is sick", "web ok"}},
		{[]ui.Event{{Step: "db", Status: ui.StatusOK}}, errors.New("no engine\nany more"),
			[]string{"db ok", "web failed no engine"}},
		{[]ui.Event{{Step: "web", Status: ui.StatusOK}, {Step: "db", Status: ui.StatusOK},
			{Step: "quiet", Status: ui.StatusFailed, Reason: "is sick"}},
			errors.New("service \"quiet\": is sick"),
			[]string{"web ok", "db ok", "quiet running", "quiet failed is sick"}},
		{nil, errors.New("no engine"), []string{"web cancelled", "db cancelled"}},
		{[]ui.Event{{Step: "db", Status: ui.StatusOK}}, context.Canceled, []string{"db ok", "web cancelled"}},
	} {
		var got []string
		tr := &track{now: time.Now, began: map[string]time.Time{}, emit: func(e ui.Event) {
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
