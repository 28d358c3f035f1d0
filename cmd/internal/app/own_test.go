package app

import (
	"testing"

	"github.com/davit-dev/davit/internal/project"
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
		"cargo nextest run":         plan.RunnerNextest,
		"cargo llvm-cov":            "",
	} {
		if got := runnerOf(plan.Step{Op: plan.OpShell, Script: script}); got != want {
			t.Errorf("%q: got %q, want %q", script, got, want)
		}
	}
}

func TestTheTestsOfATargetAreCountedByItsOutputOfCargo(t *testing.T) {
	for script, want := range map[string]int{"cargo test --locked": 1, "cargo build\ncargo test -q": 1, "cargo test > log": 0, "cargo test -p a\ncargo test -p b": 0, "pytest": 0} {
		offer := ownOffer(&project.Project{Targets: map[string]project.Target{"test": {Run: script}}}, nil)
		if got := offer.Plan.Steps["test"].Reports; len(got) != want {
			t.Errorf("%q: got %v", script, got)
		}
	}
}
