package app

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/runner"
)

// addJoined makes steps of stacks run beside a task file that provides style or test, if a pipeline runs the same by itself,
// and the task file does not.
func (l loader) addJoined() {
	var called *called
	for i, t := range l.Resolution.Targets {
		if t.Name != pipelines.Style && t.Name != pipelines.Test {
			continue
		}
		beaten := l.Resolution.Beaten(t)
		if len(beaten) == 0 {
			continue
		}
		if called == nil {
			if called = l.readCalled(); called == nil {
				return
			}
			defer called.root.Close()
		}
		l.Resolution.Targets[i].Joined = l.joined(t, beaten, called)
	}
}

// called is what the pipelines of the project call.
type called struct {
	root  *os.Root
	files pipelines.Files
	calls []pipelines.Call
}

// readCalled returns what the pipelines call; nil if there are none.
func (l loader) readCalled() *called {
	root, err := os.OpenRoot(l.Root.Dir)
	if err != nil {
		return nil
	}
	c := &called{root: root, files: &sdk.Project{FS: regular.FS(root)}}
	if c.calls = l.pipeline(c.files).Calls; len(c.calls) == 0 {
		root.Close()
		return nil
	}
	return c
}

// pipeline returns what the pipelines run; they are read once.
func (p *Project) pipeline(files pipelines.Files) *pipelines.Pipeline {
	if p.pipelineRead == nil {
		p.pipelineRead = pipelines.Read(files)
	}
	return p.pipelineRead
}

// joined returns those of the beaten uses, with those of their steps, that do what pipelines run and the target does not. A
// task file that runs what cannot be read may well do it: for tests, which may take long, that counts.
func (l loader) joined(t conventions.Resolved, beaten []conventions.Use, c *called) (uses []conventions.Use) {
	all, _ := l.Resolution.Expand(t)
	d := newDone(c.files, l.stepsOf(all))
	if t.Name == pipelines.Test && d.hides() {
		return nil
	}
	_, missing := d.missing(c.calls, t.Name)
	for _, u := range beaten {
		var does []string
		u.Steps = slices.DeleteFunc(slices.Clone(u.Steps), func(id string) bool {
			text, ok := newDone(c.files, l.stepsOf(one(u, id))).doesOne(missing)
			does = append(does, text)
			return !ok
		})
		if len(u.Steps) > 0 {
			does = slices.DeleteFunc(does, func(text string) bool { return text == "" })
			u.About.Why = fmt.Sprintf("%s runs %s besides %s", missing[0].File, text.And(does), t.Winners[0].Provider)
			uses = append(uses, u)
		}
	}
	return uses
}

// one returns a use with one of its steps.
func one(u conventions.Use, id string) []conventions.Use {
	u.Steps = []string{id}
	return []conventions.Use{u}
}

// stepsOf returns the steps of some uses, as their plans have them.
func (l loader) stepsOf(uses []conventions.Use) (steps []runner.Step) {
	for _, u := range uses {
		for _, id := range u.Steps {
			steps = append(steps, runner.Step{ID: u.Provider + ":" + id, Plan: l.planOf(u.Provider).Steps[id]})
		}
	}
	return steps
}

// doesOne returns a command that a step does, and reports whether there is one.
func (d *done) doesOne(calls []pipelines.Call) (text string, ok bool) {
	for _, c := range calls {
		if _, ok := d.step(c); ok {
			return strings.Join(c.Words, " "), true
		}
	}
	return "", false
}

// hides reports whether a step runs a program that may run any other.
func (d *done) hides() bool {
	return slices.ContainsFunc(d.calls, func(c doneCall) bool {
		return !c.Opened && c.WorksOnCode() && len(c.Checks(pipelines.Test))+len(c.Checks(pipelines.Style)) == 0 && c.MayRunOthers()
	})
}
