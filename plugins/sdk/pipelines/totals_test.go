package pipelines

import (
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

func TestTestRunner(t *testing.T) {
	for script, want := range map[string]string{
		"pytest -q":                        plan.RunnerPytest,
		"uv run pytest":                    plan.RunnerPytest,
		"cc -o t t.c\nprove -v t":          plan.RunnerProve,
		"ruff check .\nbusted":             plan.RunnerBusted,
		"cargo nextest run":                plan.RunnerNextest,
		"cargo llvm-cov":                   "",
		"bundle exec rspec":                plan.RunnerRuby,
		"pytest a\npytest b":               "",
		"pytest || true":                   "",
		"pytest | tee log":                 "",
		"pytest > log":                     "",
		"pytest\ngo test ./...":            "",
		"./all-tests":                      "",
		"docker compose run --rm x pytest": "",
	} {
		if got := TestRunner(recipes.Commands(".", script)); got != want {
			t.Errorf("%q has the totals of %q, want %q", script, got, want)
		}
	}
}
