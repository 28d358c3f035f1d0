package runner

import (
	"cmp"
	"context"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
)

// A Summary is how a run ended.
type Summary struct {
	// Err is why nothing was run; everything else is then empty.
	Err error
	// Status is ui.StatusOK, ui.StatusFailed or ui.StatusCancelled.
	Status string
	// Steps are the results of the steps, in the order of the graph.
	Steps []Ended
	// Seconds is how long the run took.
	Seconds float64
	// StoppedBy is what ended a run of ui.StatusCancelled, as the category of a fault.StopError.
	StoppedBy fault.Category
	// Counts are the numbers of steps, and of notes, by status.
	Counts map[string]int
	// Tests are the tests that all steps ran; nil if none of them was counted.
	Tests *ui.Tests
	// Images are the images that the run published or, if it published none, made, by digest.
	Images []string
	// References are the same images, as docker run takes them: by digest in a registry, by name in an engine.
	References []string
}

// Ended is the result of one step.
type Ended struct {
	ID string
	Result
	Seconds float64
}

// The exit codes of a step's process that a signal of its terminal ended, as shells report them.
const (
	Interrupted = 130 // Ctrl-C
	HungUp      = 129 // the terminal was closed
)

// EndedByTerminal returns what a terminal did to a step that owns it and ended with an exit code; ok is false
// for other exit codes. A terminal sends its signals to such a step and not to davit.
func EndedByTerminal(exit int) (why fault.Category, ok bool) {
	switch exit {
	case Interrupted:
		return fault.Interrupted, true
	case HungUp:
		return fault.HungUp, true
	}
	return 0, false
}

// images returns the images that were pushed or, if none was, those that were made, by digest and as docker run takes
// them: a store of an engine need not know the digest that an image has in a registry.
func images(g *Graph, ended []Ended) (digests, references []string) {
	for _, op := range []plan.Op{plan.OpPush, plan.OpImage} {
		for i, e := range ended {
			if e.Image != "" && g.steps[i].Plan.Op == op {
				digests, references = append(digests, e.Image), append(references, cmp.Or(e.LocalName, e.Image))
			}
		}
		if len(digests) > 0 {
			break
		}
	}
	return digests, references
}

// summarise adds up the results of all steps.
func summarise(ctx context.Context, ended []Ended, counts map[string]int) Summary {
	s := Summary{Status: ui.StatusOK, Steps: ended, Counts: counts}
	for _, e := range ended {
		counts[e.Status]++
		why, byTerminal := EndedByTerminal(e.Exit)
		switch {
		case e.OK():
		case ctx.Err() != nil:
			s.Status, s.StoppedBy = ui.StatusCancelled, fault.StopOf(ctx).Category()
		case e.Status == ui.StatusCancelled && byTerminal:
			s.Status, s.StoppedBy = ui.StatusCancelled, why
		case s.Status == ui.StatusOK:
			s.Status = ui.StatusFailed
		}
	}
	return s
}
