package ui

import "sync"

// A gate serialises the events of a run for the display behind it. While an interactive step owns the
// terminal it holds them back, and it sends them when the step has ended.
type gate struct {
	mu     sync.Mutex
	behind Display
	owners map[string]bool
	held   []Event
	closed bool
}

func newGate(behind Display) *gate { return &gate{behind: behind, owners: map[string]bool{}} }

func (g *gate) Event(e Event) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.closed:
	case e.Type == EventStep && e.Status == StatusRunning && e.Interactive:
		g.owners[e.Step] = true
		g.behind.Event(e)
	case e.Type == EventStep && g.owners[e.Step] && finished(e.Status):
		delete(g.owners, e.Step)
		g.behind.Event(e)
		g.release()
	case len(g.owners) > 0 && !g.owners[e.Step]:
		g.held = append(g.held, e)
	default:
		g.behind.Event(e)
	}
}

func (g *gate) release() {
	if len(g.owners) > 0 {
		return
	}
	for _, e := range g.held {
		g.behind.Event(e)
	}
	g.held = nil
}

func (g *gate) Close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return
	}
	g.closed = true
	clear(g.owners)
	g.release()
	g.behind.Close()
}
