package app

import (
	"slices"
	"testing"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/plugins/plan"
)

func TestFillers(t *testing.T) {
	step := func(dir, fills string) plan.Step {
		return plan.Step{Dir: dir, Provides: &plan.Provides{Dir: fills}}
	}
	p := &Project{Offers: []conventions.Offer{
		{Provider: "go", Plan: &plan.Plan{Stack: "go", Targets: map[string][]string{"init": {"deps"}},
			Steps: map[string]plan.Step{"deps": {}}}},
		{Provider: "python", Plan: &plan.Plan{Stack: "python",
			Targets: map[string][]string{"init": {"deps", "style", "more", "api", "script"}},
			Steps: map[string]plan.Step{
				"deps": step("", ".venv/"), "style": step("", ".venv-style/"), "more": step(".", ".venv/"),
				"api": step("api", "api/.venv/"), "script": {}, "run": step("", ".venv/"),
			}}},
	}}
	for _, c := range []struct {
		stack, dir, provider, where string
		ids                         []string
	}{
		{"python", ".", "python", ".", []string{"deps", "more"}},
		{"python", "api", "python", "api", []string{"api"}},
		{"python", "api/src", "python", "api", []string{"api"}},
		{"python", "docs", "python", ".", []string{"deps", "more"}},
		{"go", ".", "", "", nil},
		{"node", ".", "", "", nil},
	} {
		provider, dir, ids := p.fillers(plan.Environment{Stack: c.stack, Dir: c.dir})
		if provider != c.provider || dir != c.where || !slices.Equal(ids, c.ids) {
			t.Errorf("%s in %s: got %q %q %q", c.stack, c.dir, provider, dir, ids)
		}
	}
}
