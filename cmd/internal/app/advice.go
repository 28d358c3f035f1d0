package app

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// An advising is a Runner that gives a step which failed a hint, if what it printed has a known cause that the project
// itself can mend.
type advising struct {
	runner.Runner
	project *Project
	job     *Job
	fills   atomic.Bool // an install ran, and may have left files beside what it fills
}

func (a *advising) Run(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	heard := &symptoms{}
	r := a.Runner.Run(ctx, s, heard.hear(emit))
	if r.Status == ui.StatusOK && s.Plan.Provides != nil {
		a.fills.Store(true)
	}
	if r.Status == ui.StatusFailed && r.Hint == "" {
		r.Hint = a.hint(s, heard)
	}
	return r
}

// hint returns what may mend a step that failed: the first cause that fits.
func (a *advising) hint(s runner.Step, heard *symptoms) string {
	for _, find := range []func(runner.Step, *symptoms) string{a.service, a.generated, a.dependencies} {
		if hint := find(s, heard); hint != "" {
			return hint
		}
	}
	return ""
}

// dependencies returns a hint if a program or a package is missing, and the project offers an "init" that installs
// some, which is no part of the run.
func (a *advising) dependencies(_ runner.Step, heard *symptoms) string {
	t, ok := a.project.Resolution.Find("init")
	if !heard.programs || !ok || !slices.ContainsFunc(t.Winners, a.installs) {
		return ""
	}
	for _, w := range t.Winners {
		for _, id := range w.Steps {
			if _, runs := a.job.Graph.Step(w.Provider + ":" + id); runs {
				return ""
			}
		}
	}
	return "something is missing that davit init may bring: run it first"
}

// installs reports whether a provider of "init" may install programs: a task file may do anything, and a stack does if
// it fills an environment. Go and Cargo fetch packages alone.
func (a *advising) installs(c conventions.Candidate) bool {
	return c.Authority != conventions.Inferred || slices.ContainsFunc(c.Steps, func(id string) bool {
		return a.project.planOf(c.Provider).Steps[id].Provides != nil
	})
}

// generators are names of targets that generate code.
var generators = []string{"generate", "gen", "codegen", "proto", "protos", "generate-code", "prisma-generate"}

// generated returns a hint if code is missing, and the project offers a target that generates some, which is no part of
// the run.
func (a *advising) generated(s runner.Step, heard *symptoms) string {
	if !heard.sources {
		return ""
	}
	for _, name := range generators {
		t, ok := a.project.Resolution.Find(name)
		if !ok || len(t.Winners) == 0 || slices.Contains(s.Targets, t.Name) {
			continue
		}
		return fmt.Sprintf("code is missing that davit %s may generate: run it first, or needs = [%q] in [targets.%s] of "+
			"project.toml does so each time", name, t.Name, target(s))
	}
	return ""
}

// target returns the target that a step belongs to, for a message.
func target(s runner.Step) string {
	if len(s.Targets) > 0 {
		return s.Targets[0]
	}
	return "NAME"
}
