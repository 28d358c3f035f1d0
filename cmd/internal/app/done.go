package app

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/runner"
)

// done is what the steps of a run do, also by way of tasks and scripts.
type done struct {
	files    pipelines.Files
	names    []string // of the files of the project
	lists    listing
	calls    []doneCall
	ignored  []pipelines.Call         // what steps run, and no failure of which is one of theirs
	variable func(name string) string // of the caller; nil if they do not count
	told     []string                 // what the tasks run that a sentence names
	features *bool                    // whether a package of Cargo has features; nil until that is asked
}

// A doneCall is a command that a step runs.
type doneCall struct {
	pipelines.Call
	step runner.Step
}

// does returns what the command does. One by which davit counts the tests of unittest has the program in between, and what
// runs the tests of Cargo, or clippy, compiles as "cargo check" does. So do tests and vet of Go as its builds do.
func (c doneCall) does() []string {
	does := c.Does()
	switch {
	case slices.ContainsFunc(does, compiles):
		return append(does, "cargo check")
	case slices.ContainsFunc(does, func(one string) bool { return one == "go test" || one == "go vet" || one == "go build" }):
		return append(does, goCompiles)
	}
	if c.step.Plan.TestRunner == plan.RunnerPytest || slices.Contains(c.Words, "unittest") {
		return append(c.Does(), "pytest")
	}
	return c.Does()
}

func compiles(does string) bool {
	return slices.Contains([]string{"cargo test", "cargo clippy", "cargo build"}, does)
}

func newDone(files pipelines.Files, steps []runner.Step) *done {
	d := &done{files: files}
	for _, s := range steps {
		for _, c := range callsOf(files, s) {
			if c.Ignored != "" {
				d.ignored = append(d.ignored, c)
				continue
			}
			if c.Hidden != "" && !(c.HiddenByPipe() && pipefails(files)) {
				c.Ignored = c.Hidden
				d.ignored = append(d.ignored, c)
			}
			d.calls = append(d.calls, doneCall{c, s})
		}
	}
	return d
}

// pipefails reports whether a Makefile has its recipes fail with any command of a pipe.
func pipefails(files pipelines.Files) bool {
	for _, name := range []string{"GNUmakefile", "makefile", "Makefile"} {
		if text, ok := files.Read(name); ok && strings.Contains(text, "pipefail") {
			return true
		}
	}
	return false
}

// callsOf returns the commands of a step, also by way of tasks and scripts.
func callsOf(files pipelines.Files, s runner.Step) []pipelines.Call {
	text := s.Plan.Script
	if s.Plan.Op == plan.OpExec {
		text = runner.Quote(s.Argv())
	}
	calls := pipelines.Follow(files, path.Clean("./"+s.Plan.Dir), text)
	set := environ.Pairs(s.Plan.Env)
	if tool := s.Tool; tool != nil && tool.Runtime == plan.RuntimeRust && tool.Pin != "" {
		set = append(set, chosenToolchain+"="+tool.Pin)
	}
	for i, c := range calls {
		calls[i].Env = append(slices.Clip(set), c.Env...)
		calls[i].Own = len(calls[i].Env)
	}
	return calls
}

// step returns the step that runs the same command as a pipeline, or else one that does the same.
func (d *done) step(c pipelines.Call) (found runner.Step, ok bool) {
	if found, ok = d.same(c); ok {
		return found, true
	}
	does := c.Does()
	return d.testing(c, func(s doneCall) bool {
		all := s.does()
		return len(does) > 0 && !slices.ContainsFunc(does, func(one string) bool { return !slices.Contains(all, one) })
	})
}

func (d *done) find(is func(doneCall) bool) (runner.Step, bool) {
	if i := slices.IndexFunc(d.calls, is); i >= 0 {
		return d.calls[i].step, true
	}
	return runner.Step{}, false
}

// same returns the step that runs the same command. A test runner finds other tests in another folder: see testing.
func (d *done) same(c pipelines.Call) (runner.Step, bool) {
	return d.find(func(s doneCall) bool {
		return slices.Equal(s.Words, c.Words) && d.reaches(s.Call, c) && d.builds(s.Call, c) &&
			(s.Folder() == c.Folder() || testRunner(c) != "pytest")
	})
}

// allSame reports whether steps run all of some commands that work on code, and there is one.
func (d *done) allSame(calls []pipelines.Call) (all bool) {
	for _, c := range calls {
		if _, ok := d.same(c); c.WorksOnCode() && !ok {
			return false
		}
		all = all || c.WorksOnCode()
	}
	return all
}

// does reports whether a step does one of the things that a command does.
func (d *done) does(c pipelines.Call, one string) bool {
	_, ok := d.testing(c, func(s doneCall) bool { return slices.Contains(s.does(), one) })
	return ok
}

// reaches reports whether the folder that a step works in has that of a command in it. A module of Go below it, or
// a package of Cargo of another workspace, is none of its parts.
func (d *done) reaches(step, c pipelines.Call) bool {
	in, dir := step.Folder(), c.Folder()
	switch {
	case len(c.Members) > 0 && !step.Everywhere():
		return slices.Contains(c.Members, in)
	case in == dir, in == "..", dir == "..", c.Everywhere():
		return true
	}
	if tool := strings.Join(step.Does(), " "); strings.HasPrefix(tool, "make ") || strings.HasPrefix(tool, "just ") || strings.HasPrefix(tool, "task ") {
		return false // each folder has its own tasks
	}
	if step.Words[0] == "cargo" && !d.inWorkspace(in, dir) {
		return false
	}
	_, module := d.files.Read(path.Join(dir, "go.mod"))
	return (in == "." || strings.HasPrefix(dir, in+"/")) && !(module && step.Words[0] == "go")
}
