package app

import (
	"maps"
	"testing"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// TestApplyOverrides: a target of project.toml with services and no env, on a step whose plugin sets env,
// once panicked.
func TestApplyOverrides(t *testing.T) {
	for name, c := range map[string]struct {
		target       project.Target
		plugin, want map[string]string
	}{
		"services alone": {project.Target{Services: []string{"db"}}, map[string]string{"A": "plugin"},
			map[string]string{"A": "plugin"}},
		"services, no env": {project.Target{Services: []string{"db"}}, nil, nil},
		"project.toml wins": {project.Target{Env: map[string]string{"A": "own"}},
			map[string]string{"A": "plugin", "B": "b"}, map[string]string{"A": "own", "B": "b"}},
		"the plugin sets none": {project.Target{Env: map[string]string{"A": "own"}}, nil,
			map[string]string{"A": "own"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := &merger{project: &Project{Config: &project.Project{Targets: map[string]project.Target{"test": c.target}}}}
			before := maps.Clone(c.plugin)
			s := &runner.Step{Plan: plan.Step{Env: c.plugin}}
			m.applyOverrides(
				conventions.Use{Target: conventions.Resolved{Target: conventions.Target{Name: "test"}}}, s)
			if !maps.Equal(s.Plan.Env, c.want) || len(s.Plan.Services) != len(c.target.Services) {
				t.Errorf("env %v, services %v", s.Plan.Env, s.Plan.Services)
			}
			if !maps.Equal(c.plugin, before) {
				t.Errorf("the plan of the plugin was changed: %v", c.plugin)
			}
		})
	}
}
