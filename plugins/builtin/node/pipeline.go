package main

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// maxPipeline is how many bytes of a file of a pipeline are read.
const maxPipeline = 1 << 16

// A pipeline is what the files of continuous integration run in the folder of a unit.
type pipeline struct {
	calls []pipelineCall
}

// A pipelineCall is a command of a pipeline, without its wrappers, and the file that it is in.
type pipelineCall struct {
	command
	npx  bool // it is called by "npx", which gets the program if it is no dependency
	file string
}

// readPipeline returns what the pipelines of a project run in a folder. They are in the root of a repository.
func readPipeline(p *sdk.Project, dir string) (out pipeline) {
	for _, name := range p.List(".github/workflows") {
		if ext := path.Ext(name); ext == ".yml" || ext == ".yaml" {
			out.addWorkflow(p, path.Join(".github/workflows", name), dir)
		}
	}
	for _, name := range []string{".gitlab-ci.yml", ".circleci/config.yml", "azure-pipelines.yml",
		"bitbucket-pipelines.yml", ".travis.yml", ".woodpecker.yml"} {
		if text := p.Head(name, maxPipeline); text != "" && dir == "." {
			for line := range strings.Lines(text) {
				out.addScript(name, ".", dir, pipelineLine(line))
			}
		}
	}
	return out
}

// pipelineLine returns the command in a line of a list or of a key in YAML: "npm test" for `- run: "npm test"`.
func pipelineLine(line string) string {
	line = strings.TrimPrefix(strings.TrimSpace(line), "- ")
	for _, key := range []string{"run:", "script:", "command:", "bash:"} {
		line = strings.TrimSpace(strings.TrimPrefix(line, key))
	}
	if strings.HasPrefix(line, "#") {
		return ""
	}
	return strings.Trim(line, `'"`)
}

// addWorkflow adds the steps of a workflow on GitHub, each in its working-directory.
func (l *pipeline) addWorkflow(p *sdk.Project, file, dir string) {
	root := yaml.Parse(p.Head(file, maxPipeline))
	general := workingDir(root)
	for _, job := range root.Get("jobs").Entries() {
		for _, step := range job.Get("steps").Items() {
			at := step.Get("working-directory").Text()
			for _, outer := range []string{workingDir(job), general, "."} {
				if at == "" {
					at = outer
				}
			}
			l.addScript(file, at, dir, step.Get("run").Text())
		}
	}
}

// workingDir returns the working-directory in the defaults of a workflow or of a job.
func workingDir(n *yaml.Node) string {
	return n.Get("defaults").Get("run").Get("working-directory").Text()
}

// addScript adds those commands of a script, which runs in one folder, that run in another.
func (l *pipeline) addScript(file, at, dir, text string) {
	for _, s := range scan(text) {
		called := s.words.unwrapped()
		if called[0] == "cd" {
			at = path.Join(at, called.enters("."))
			continue
		}
		if path.Join(at, called.folder()) == dir {
			l.calls = append(l.calls, pipelineCall{called, base(s.words[0]) == "npx", file})
		}
	}
}

// checks reports whether the pipeline runs checks: a linter, tests, or a script that is called like one of these.
func (l pipeline) checks() bool {
	return slices.ContainsFunc(l.calls, func(c pipelineCall) bool {
		return checkScript.MatchString(c.scriptName()) || c.command.checks() || slices.Contains(runners, c.command[0]) ||
			c.command[0] == "node" && c.flag("--test")
	})
}

// checkScript matches the names of scripts that check or test.
var checkScript = regexp.MustCompile(`test|lint|check|types|verify|style|format|unit|e2e|spec|coverage|validate`)

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
	known := slices.Contains(fixers, one[0]) || slices.Contains(compilers, one[0]) || len(checking[one[0]]) > 0
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
