package app

import (
	"testing"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

func TestAStepWhoseTestsDidNotRunIsSkipped(t *testing.T) {
	for name, c := range map[string]struct {
		step   plan.Step
		status string
		tests  ui.Tests
		want   string
	}{
		"some ran":                  {plan.Step{}, ui.StatusOK, ui.Tests{Passed: 1, Skipped: 2}, "ok "},
		"all were skipped":          {plan.Step{}, ui.StatusOK, ui.Tests{Skipped: 2}, "skipped all of its tests were skipped"},
		"it failed":                 {plan.Step{}, ui.StatusFailed, ui.Tests{Skipped: 2}, "failed "},
		"none":                      {plan.Step{}, ui.StatusOK, ui.Tests{}, "skipped its runner ran no test"},
		"none, which is no failure": {plan.Step{Selects: true}, ui.StatusOK, ui.Tests{}, "skipped there is no such test"},
	} {
		r := withTests(runner.Step{Plan: c.step}, runner.Result{Status: c.status}, c.tests, false)
		if got := r.Status + " " + r.Reason; got != c.want {
			t.Errorf("%s: got %q, wanted %q", name, got, c.want)
		}
	}
}
