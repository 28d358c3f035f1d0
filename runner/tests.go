package runner

import (
	"fmt"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
)

// ReasonNoTest is why a step of tests was skipped that succeeded without running a test.
const ReasonNoTest = "its runner ran no test"

// sumTests adds up the tests of all steps; nil if none of them was counted.
func sumTests(ended []Ended) *ui.Tests {
	var sum *ui.Tests
	for _, e := range ended {
		if e.Tests == nil {
			continue
		}
		if sum == nil {
			sum = &ui.Tests{}
		}
		sum.Passed += e.Tests.Passed
		sum.Failed += e.Tests.Failed
		sum.Skipped += e.Tests.Skipped
	}
	return sum
}

// uncountedNote returns one about the steps whose tests are not in the numbers, since an engine had their results.
func uncountedNote(ended []Ended) []string {
	var ids []string
	for _, e := range ended {
		if e.Uncounted {
			ids = append(ids, e.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return []string{"the tests of " + strings.Join(ids, ", of ") +
		" are not counted: the engine has the result of an earlier run, and not the numbers; --force runs them again"}
}

// untestedNotes returns one for each step that ran none of the tests of some folders that have tests.
func untestedNotes(g *Graph, ended []Ended) (notes []string) {
	for i, e := range ended {
		if len(e.Untested) > 0 {
			where := strings.Join(e.Untested, ", of ")
			if e.Untested[0] == "." {
				where = "the root" + where[1:]
			}
			notes = append(notes, fmt.Sprintf("%s leaves out the tests of %s, of which none ran", g.steps[i].Plugin, where))
		}
	}
	return notes
}

// ranNoTest returns the steps of a run that were to run tests and ran none; nil if another step tested something,
// counted or not.
func ranNoTest(g *Graph, ended []Ended) (ids []string) {
	for i, e := range ended {
		switch done := e.Status == ui.StatusOK || e.Status == ui.StatusCached; {
		case e.Tests != nil && e.Tests.Total() > 0, e.Tests == nil && done && g.steps[i].Tests():
			return nil
		case e.Tests != nil && e.Status == ui.StatusSkipped:
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// noTest returns the error of a run without a test.
func noTest(ids, targets []string) ui.Event {
	e := ui.Event{Type: ui.EventError, Text: "no test ran: the runner of " + strings.Join(ids, ", of ") + " found none"}
	if len(targets) > 0 {
		e.Hint = "add a test; davit explain " + targets[0] + " shows the command that is to find it"
	}
	return e
}
