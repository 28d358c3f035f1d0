package deploy

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/text"

	"github.com/davit-dev/davit/internal/ui"
)

// track makes steps of what an engine tells of services: one begins with the first thing that is told of it,
// and ends when that is told, or with the whole.
type track struct {
	emit  func(ui.Event)
	now   func() time.Time
	mu    sync.Mutex
	open  []string
	began map[string]time.Time
}

func (e *Environments) track(emit func(ui.Event)) *track {
	return &track{emit: emit, now: e.Now, began: map[string]time.Time{}}
}

// event passes on what is told.
func (t *track) event(e ui.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e.Step == "" {
		t.emit(e)
		return
	}
	if e.Type == ui.EventStep {
		t.close(e)
		return
	}
	t.start(e.Step)
	t.emit(e)
}

func (t *track) start(step string) {
	if _, known := t.began[step]; known {
		return
	}
	t.began[step] = t.now()
	t.open = append(t.open, step)
	t.emit(ui.Event{Type: ui.EventStep, Step: step, Status: ui.StatusRunning})
}

// close ends a step. There was nothing to do for a service of which only a good end is told.
func (t *track) close(e ui.Event) {
	if e.Status == ui.StatusFailed {
		t.start(e.Step)
	}
	i := slices.Index(t.open, e.Step)
	if i < 0 {
		return
	}
	t.open = slices.Delete(t.open, i, i+1)
	e.Seconds = t.now().Sub(t.began[e.Step]).Seconds()
	delete(t.began, e.Step)
	t.emit(e)
}

// end ends the steps that are still open: well, or by an error if there is only one that it can be of, and
// else broken off.
func (t *track) end(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := ui.Event{Type: ui.EventStep, Status: ui.StatusOK}
	switch {
	case err != nil && (len(t.open) > 1 || errors.Is(err, context.Canceled)):
		e.Status = ui.StatusCancelled
	case err != nil:
		e.Status, e.Reason = ui.StatusFailed, text.FirstLine(err.Error())
	}
	for _, step := range slices.Clone(t.open) {
		e.Step = step
		t.close(e)
	}
}
