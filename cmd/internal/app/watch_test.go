package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

func TestDelay(t *testing.T) {
	var got []time.Duration
	for times := range 8 {
		got = append(got, delay(10*time.Second, times))
	}
	s := time.Second
	if want := []time.Duration{0, 20 * s, 40 * s, 80 * s, 160 * s, longest, longest, longest}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if d := delay(time.Second, 1000); d != longest {
		t.Errorf("after a thousand times %s", d)
	}
}

// TestPace: what is wrong again and again is healed ever more seldom, which is said once each time; what has rested begins anew.
func TestPace(t *testing.T) {
	now := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	var told []string
	w := &watch{p: &Project{Options: Options{Streams: &ui.Streams{Now: func() time.Time { return now }}}}, session: &session{Environment: release.Environment{Name: "dev"}},
		every: 10 * time.Second, paces: map[string]*pace{}, said: map[string]string{}, tell: func(s WatchEvent) { told = append(told, s.Type+" "+s.Text+" ("+s.Hint+")") }}
	sick := release.Diagnosis{Findings: []release.Finding{{Service: "web", Name: "web-1", ID: "x", Drift: []release.Difference{{Path: "files./x"}}}}}
	heals := func(d time.Duration) (n int) {
		for end := now.Add(d); now.Before(end); now = now.Add(w.every) {
			if due := w.due(sick); len(due) > 0 {
				n++
				w.treated(sick)
			}
		}
		return n
	}
	if n := heals(10 * time.Minute); n != 6 { // at 0, 0:10, 0:30, 1:10, 2:30 and 5:10
		t.Errorf("%d heals", n)
	}
	if n := len(told); n != 5 || !strings.Contains(told[0], "left web-1: files./x, after 2 heals in a row; the next one comes at ") || !strings.Contains(told[0], `ignore = ["web.files./x"]`) {
		t.Errorf("%d lines: %q", n, told)
	}
	now = now.Add(time.Hour)
	w.rest(release.Diagnosis{})
	if n := heals(time.Second); n != 1 || w.paces["web"].times != 1 {
		t.Errorf("after a rest %d heals, %+v", n, w.paces["web"])
	}
}
