package app

import (
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
)

func TestTheTestsOfATargetAreCountedByItsOnlyRunner(t *testing.T) {
	for script, want := range map[string]string{
		"pytest -q":                 plan.RunnerPytest,
		"set -e\npython3 -m pytest": plan.RunnerPytest,
		"npx jest":                  plan.RunnerJest,
		"node --test":               plan.RunnerNode,
		"pytest a && pytest b":      "",
		"pytest || true":            "",
		"pytest | tee log":          "",
		"pytest > log":              "",
		"go test ./...":             "",
		"make test":                 "",
	} {
		if got := runnerOf(plan.Step{Op: plan.OpShell, Script: script}); got != want {
			t.Errorf("%q: got %q, want %q", script, got, want)
		}
	}
}
