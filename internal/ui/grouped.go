package ui

import (
	"io"
	"maps"
	"slices"
	"time"
)

// folds writes the marks with which the log of a CI system is folded. Folds cannot be interleaved.
type folds interface {
	open(title string, at time.Time) string
	close(at time.Time) string
	// fault is what makes the system point at a step that failed; empty where it cannot.
	fault(step, why string) string
}

// grouped is for the logs of CI systems: the output of each step is kept until it ends and printed as one fold. The line at
// the start of each step comes at once, so that a job that hangs says what hangs.
type grouped struct {
	streams *Streams
	style   Style
	folds   folds
	logs    *logs
	started map[string]time.Time
	tally   *tally
}

func newGrouped(s *Streams, f folds) *grouped {
	return &grouped{streams: s, style: s.OutStyle(), folds: f, logs: newLogs(), started: map[string]time.Time{}, tally: newTally()}
}

func (g *grouped) Event(e Event) {
	switch e.Type {
	case EventStep:
		g.step(e)
	case EventOutput:
		g.logs.keep(e)
	case EventProgress:
		g.print(waits(e, g.style))
	case EventWarning, EventError:
		g.streams.notice(e)
	case EventEnd:
		g.print(g.tally.summary(e, g.style, true))
	}
}

func (g *grouped) step(e Event) {
	if !finished(e.Status) {
		g.started[e.Step] = g.streams.Now()
		g.print(start(e, g.style) + "\n")
		return
	}
	g.tally.add(e)
	g.fold(e.Step)
	g.print(end(e, g.style) + "\n")
	if e.Status == StatusFailed {
		g.print(g.folds.fault(clean(e.Step), e.why()))
	}
}

// fold prints what a step printed, if it did.
func (g *grouped) fold(step string) {
	if text := g.logs.drop(step); text != "" {
		g.print(g.folds.open(clean(step), g.started[step]) + text + g.folds.close(g.streams.Now()))
	}
}

func (g *grouped) print(text string) { io.WriteString(g.streams.Out, text) }

// Close prints the output of steps that had not ended when the run was broken off.
func (g *grouped) Close() {
	for _, step := range slices.Sorted(maps.Keys(g.logs.text)) {
		g.fold(step)
	}
}
