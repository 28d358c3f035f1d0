package node

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/plugins/sdk/taskname"

	"github.com/davit-dev/davit/plugins/plan"
)

// A pipeline is what continuous integration runs in the folder of a unit.
type pipeline struct {
	calls []pipelineCall
	// hidden is set if it may run other commands than these.
	hidden bool
}

// A pipelineCall is a command of a pipeline, without its wrappers, and the file that it is in.
type pipelineCall struct {
	command
	npx  bool // it is called by "npx", which gets the program if it is no dependency
	file string
}

// pipelineIn returns what the pipelines of a project run in a folder.
func pipelineIn(all *pipelines.Pipeline, dir string) (out pipeline) {
	out.hidden = all.Hidden()
	for _, c := range all.Calls {
		words := command(c.Words).unwrapped()
		if at := path.Join(c.Dir, words.folder()); at == dir {
			out.calls = append(out.calls, pipelineCall{words, base(c.Words[0]) == "npx", c.File})
		}
	}
	return out
}

// checks reports whether the pipeline runs checks: a linter, tests, or a script that is called like one of these.
func (l pipeline) checks() bool {
	return slices.ContainsFunc(l.calls, func(c pipelineCall) bool {
		return taskname.ChecksOrTests(c.scriptName()) || c.command.checks() || slices.Contains(runners, c.command[0]) ||
			c.command[0] == "node" && c.flag("--test")
	})
}

// planPipelineStyle adds to style what the pipeline checks and no script of style does: linters that it calls, also by
// way of its tests, and scripts, whatever their names, that only check.
func (u *unit) planPipelineStyle() {
	for _, c := range u.pipeline.calls {
		called := u.root.called(c.command)
		for _, name := range called {
			u.planPipelineScript(c, u.root.script(name))
		}
		if name := c.scriptName(); len(called) == 0 && name != "" && c.command[0] != "npm" {
			c.command = c.command[slices.Index(c.command, name):] // "yarn eslint" runs a program
		}
		if len(called) == 0 && c.command.folder() == "" {
			u.planPipelineCommand(c)
		}
	}
}

// planPipelineScript adds a script that the pipeline calls if it only checks, and else the linters that it calls.
func (u *unit) planPipelineScript(c pipelineCall, s script) {
	check := func(one command) bool { return one.checks() && !u.emits(u.root, one) }
	other := func(target string) bool { return slices.Contains(names[target], s.name) }
	switch {
	case u.used[s.name] || len(s.dirs) > 0 || other("build") || other("run") || other("format") || u.inStyle(s.commands):
	case s.all(check) && !slices.ContainsFunc(append([]string{"test"}, parts...), other):
		u.add("style", s.name, u.scriptStep(s))
		u.explainPipeline(s.name, c, s)
	default:
		for _, one := range s.commands {
			c.command = one
			u.planPipelineCommand(c)
		}
	}
}

// planPipelineCommand adds a linter that the pipeline calls.
func (u *unit) planPipelineCommand(c pipelineCall) {
	one := c.command
	known := slices.Contains(fixers, one[0]) || slices.Contains(compilers, one[0]) || len(checking[one[0]]) > 0 ||
		slices.Contains(checkers, one[0])
	if !known || !one.checks() || u.emits(u.root, one) || !plainWords(one) || u.inStyle([]command{one}) ||
		!c.npx && !u.root.has(packageOf(one[0])) {
		return
	}
	u.add("style", u.freeName(one[0]), u.pipelineStep(c))
	u.explainPipeline(strings.Join(one, " "), c, script{commands: []command{one}})
}

// pipelineStep returns a step that runs a linter as the pipeline does.
func (u *unit) pipelineStep(c pipelineCall) plan.Step {
	if c.npx && !u.root.has(packageOf(c.command[0])) {
		return u.program(append(command{"npx", "--yes"}, c.command...)...)
	}
	return u.program(c.command...)
}

// freeName returns the name of a step that is not taken yet.
func (u *unit) freeName(name string) string {
	for u.Steps[u.id(name)].Op != "" {
		name += "+"
	}
	return name
}

// inStyle reports whether the steps of style run all of some commands, or the same programs on more files.
func (u *unit) inStyle(all []command) bool {
	return !slices.ContainsFunc(all, func(c command) bool {
		return !slices.ContainsFunc(u.runs["style"], func(s script) bool {
			return s.any(func(other command) bool {
				words, ok := other.readOnly()
				return ok && c.coveredBy(words) || c.coveredBy(other)
			})
		})
	})
}

// explainPipeline records that a part of style comes from the pipeline.
func (u *unit) explainPipeline(what string, c pipelineCall, s script) {
	u.runs["style"] = append(u.runs["style"], s)
	u.note("style runs %q, because %s does", what, c.file)
	a := u.About["style"]
	if a.Why != "" {
		a.Why += ", "
	}
	a.Why += fmt.Sprintf("%q of %s", what, c.file)
	u.About["style"] = a
}

// plainWords reports whether a command of a pipeline has no expression or variable in it.
func plainWords(c command) bool {
	return !slices.ContainsFunc(c, func(word string) bool { return strings.ContainsAny(word, "${}`<>") })
}

// packageOf returns the package that has a program.
func packageOf(program string) string {
	switch program {
	case "tsc":
		return "typescript"
	case "biome":
		return "@biomejs/biome"
	case "markdownlint":
		return "markdownlint-cli"
	case "tsgo":
		return "@typescript/native-preview"
	}
	return program
}
