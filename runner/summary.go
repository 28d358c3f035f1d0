package runner

import (
	"context"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
)

// Summary is how a run ended.
type Summary struct {
	// Err is why nothing was run; all else is then empty.
	Err error
	// Status is ui.StatusOK, ui.StatusFailed or ui.StatusCancelled.
	Status string
	// Steps are the ends of the steps, in the order of the graph.
	Steps []Ended
	// Seconds that the run took.
	Seconds float64
	// Counts of steps, and of notes, by status.
	Counts map[string]int
	// Images that the run published or, where it published nothing, that it made, by digest.
	Images []string
}

// Ended is how one step ended.
type Ended struct {
	ID string
	Result
	Seconds float64
}

// Interrupted is the exit code of a process that Ctrl-C ended.
const Interrupted = 130

// images are those of the last thing that was done with any.
func images(g *Graph, ended []Ended) (found []string) {
	for _, op := range []plan.Op{plan.OpPush, plan.OpImage} {
		for i, e := range ended {
			if e.Image != "" && g.steps[i].Plan.Op == op {
				found = append(found, e.Image)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// summarise adds up the ends of all steps.
func summarise(ctx context.Context, ended []Ended, counts map[string]int) Summary {
	s := Summary{Status: ui.StatusOK, Steps: ended, Counts: counts}
	for _, e := range ended {
		counts[e.Status]++
		switch {
		case e.OK():
		case ctx.Err() != nil || e.Status == ui.StatusCancelled && e.Exit == Interrupted:
			s.Status = ui.StatusCancelled
		case s.Status == ui.StatusOK:
			s.Status = ui.StatusFailed
		}
	}
	return s
}
