package ui

import (
	"maps"
	"slices"
	"time"
)

// folds returns the marks that fold the log of a CI system. Folds cannot be interleaved.
type folds interface {
	open(title string, at time.Time) string
	close(at time.Time) string
	// contain makes harmless what would end the fold that the output of a step is in.
	contain(output string) string
	// fault returns the annotation of a failed step; "" if the system has none.
	fault(step, why string) string
	// finding returns the annotation of a line; "" if the system has none.
	finding(e Event) string
}

// grouped is the display for the logs of CI systems: the output of each step is kept until it ends, and
// printed as one fold if the step succeeded. What failed is not folded away. The line at the start of each step is printed at once, so that the log of a job that
// hangs names the step.
type grouped struct {
	lines
	folds   folds
	logs    *logs
	started map[string]time.Time
	// findings are the annotations of steps that have not ended.
	findings map[string]string
}

func newGrouped(s *Streams, f folds) *grouped {
	l := newLines(s)
	l.style = s.logStyle()
	return &grouped{lines: l, folds: f, logs: newLogs(), started: map[string]time.Time{},
		findings: map[string]string{}}
}

func (g *grouped) Event(e Event) {
	switch {
	case e.Type == EventOutput:
		g.logs.keep(e)
		return
	case e.Type == EventFinding:
		g.findings[e.Step] += g.folds.finding(e)
		return
	case e.Type == EventStep && finished(e.Status):
		g.show(e.Step, e.Status == StatusOK)
	case e.Type == EventStep:
		g.started[e.Step] = g.streams.Now()
	}
	g.lines.Event(e)
	if e.Type == EventStep && e.Status == StatusFailed {
		g.print(g.findings[e.Step] + g.folds.fault(clean(e.Step), e.failureReason()))
	}
}

// show prints the output of a step, if it has any.
func (g *grouped) show(step string, folded bool) {
	switch output := g.logs.take(step); {
	case output == "":
	case folded:
		g.print(g.folds.open(clean(step), g.started[step]) + g.folds.contain(output) + g.folds.close(g.streams.Now()))
	default:
		g.print(g.folds.contain(output))
	}
}

// Close prints the output of steps that were interrupted.
func (g *grouped) Close() {
	for _, step := range slices.Sorted(maps.Keys(g.logs.text)) {
		g.show(step, false)
	}
}
