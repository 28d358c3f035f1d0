package app

import (
	"strings"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/ui"
)

// track makes steps of what an engine tells of services: one begins with the first thing that is told of it.
type track struct {
	emit   func(ui.Event)
	now    func() time.Time
	prefix string // of what a step is called: "pull:"
	mu     sync.Mutex
	order  []string
	began  map[string]time.Time
}

func (p *Project) track(prefix string, emit func(ui.Event)) *track {
	return &track{emit: emit, now: p.Streams.Now, prefix: prefix, began: map[string]time.Time{}}
}

// event passes on what is told.
func (t *track) event(e ui.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e.Step != "" {
		e.Step = t.prefix + e.Step
		if _, known := t.began[e.Step]; !known {
			t.began[e.Step] = t.now()
			t.order = append(t.order, e.Step)
			t.emit(ui.Event{Type: ui.EventStep, Step: e.Step, Status: ui.StatusRunning})
		}
	}
	t.emit(e)
}

// end ends all steps: well, or by an error, which names the service that it is of, while the others are broken off.
func (t *track) end(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, step := range t.order {
		e := ui.Event{Type: ui.EventStep, Step: step, Status: ui.StatusOK, Seconds: t.now().Sub(t.began[step]).Seconds()}
		if err != nil {
			e.Status = ui.StatusCancelled
			if why, of := strings.CutPrefix(err.Error(), "service \""+strings.TrimPrefix(step, t.prefix)+"\": "); of {
				e.Status, e.Reason = ui.StatusFailed, firstLine(why)
			}
		}
		t.emit(e)
	}
}

// firstLine of a text that may have more.
func firstLine(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	return first
}
