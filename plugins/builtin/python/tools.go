package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/precommit"
)

// A checker is a program that checks the sources: a linter, a formatter, a scanner.
type checker struct {
	name string // the name of the program and of its distribution
	step string // the end of the ids of its steps, if it has one of its own
	why  string // the evidence that the project uses it
	argv []string
	fix  []string // the command that rewrites the sources instead, if it can
	// hook is the hook of pre-commit that runs it, and selection the files that it is given, which are not in
	// the commands.
	hook      *precommit.Hook
	selection *selection
	// analyses means that it reads the packages that the sources import.
	analyses bool
}

// checks adds the steps that check the sources of one project.
type checks struct {
	*env
	b         *builder
	hooks     precommit.Config
	installed map[string]installation // by program
	decided   []string
}

// decide records a choice, once.
func (c *checks) decide(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(c.decided, text) {
		c.decided = append(c.decided, text)
		c.b.decide("%s", text)
	}
}

// newChecks reads the hooks of pre-commit, whose configuration is in the root of the repository.
func newChecks(e *env, b *builder) *checks {
	c := &checks{env: e, b: b, installed: map[string]installation{}}
	text, ok := e.Read(e.at(precommit.File))
	if !ok {
		text, _ = e.Read(precommit.File)
	}
	c.hooks = precommit.Parse(text)
	return c
}

// hooksOf returns the hooks with one of the ids, or whose entry has the words of a command.
func (c *checks) hooksOf(ids, command []string) (out []*precommit.Hook) {
	for i := range c.hooks.Hooks {
		if h := &c.hooks.Hooks[i]; !h.Manual && h.Runs(ids, command...) {
			out = append(out, h)
		}
	}
	return out
}

// hookOf returns the first hook that runs a program, or nil.
func (c *checks) hookOf(name string) *precommit.Hook {
	if hooks := c.hooksOf([]string{name}, []string{name}); len(hooks) > 0 {
		return hooks[0]
	}
	return nil
}

// configured returns the evidence that the project uses a program: a configuration file, a table in
// pyproject.toml, a section of setup.cfg or tox.ini, a requirement, or a hook of pre-commit. Without
// evidence, the program is not run.
func (c *checks) configured(name string, files []string, sections ...string) string {
	if file := c.firstOf(files...); file != "" {
		return "of " + file
	}
	for _, section := range sections {
		switch {
		case c.pyprojectHas(section):
			return "pyproject.toml has [" + section + "]"
		case c.setupCfg.has(section):
			return "setup.cfg has [" + section + "]"
		case c.toxIni.has(section):
			return "tox.ini has [" + section + "]"
		}
	}
	if _, ok := c.requires(name); ok && !c.doneByRuff(name) {
		return "the project requires it"
	}
	if c.hookOf(name) != nil {
		return "pre-commit runs it"
	}
	return ""
}

// doneByRuff reports whether a linter is only required, in a project that configures ruff, which does the same,
// and calls the linter nowhere: the documentation of a project may need black, too.
func (c *checks) doneByRuff(name string) bool {
	if !slices.Contains([]string{"black", "isort", "flake8"}, name) || !c.configuresRuff() || c.calls(name) {
		return false
	}
	c.decide("style does not run %s: the project requires it, but calls it nowhere, and configures ruff", name)
	return true
}

func (c *checks) configuresRuff() bool {
	return c.pyprojectHas("tool.ruff") || c.firstOf("ruff.toml", ".ruff.toml") != ""
}

// calls reports whether a pipeline, a task file or a script of the project names a program.
func (c *checks) calls(name string) bool {
	files := c.pipelineFiles()
	for _, file := range []string{"tox.ini", "noxfile.py", "Makefile", "justfile", "Taskfile.yml", "pyproject.toml"} {
		files = append(files, c.at(file))
	}
	for _, dir := range []string{"scripts", "bin", "tools"} {
		for _, file := range c.List(c.at(dir)) {
			files = append(files, path.Join(c.at(dir), file))
		}
	}
	return slices.ContainsFunc(files, func(file string) bool { return commands(c.Head(file, maxPipeline), name) })
}

// commands reports whether a text has a program and an argument in one line: "$PREFIX/black .", "python -m black
// src".
func commands(text, name string) bool {
	for _, line := range commandLines(text) {
		words := strings.Fields(line)
		for i, word := range words[:max(len(words)-1, 0)] {
			if word[strings.LastIndexAny(word, "/}[(")+1:] == name && words[i+1] != "=" {
				return true
			}
		}
	}
	return false
}

func (pr *project) pyprojectHas(section string) bool {
	var v any = pr.pyproject
	for _, key := range strings.Split(section, ".") {
		table, _ := v.(map[string]any)
		if v = table[key]; v == nil {
			return false
		}
	}
	return true
}

// sources returns the folders and files with the project's own Python, for programs that would otherwise also
// check .venv.
func (e *env) sources() (out []string) {
	for _, name := range e.py {
		top, _, nested := strings.Cut(name, "/")
		if nested && (top == "doc" || top == "docs") {
			continue
		}
		if !slices.Contains(out, top) {
			out = append(out, top)
		}
	}
	return out
}

// packages returns the packages of the project, else its modules, without the tests.
func (e *env) packages() (out []string) {
	root := e.packageRoot()
	if root != "." {
		return []string{root}
	}
	for _, name := range e.packagesIn(".") {
		if !auxiliary(name) {
			out = append(out, name)
		}
	}
	if len(out) > 0 {
		return out
	}
	return slices.DeleteFunc(e.sources(),
		func(name string) bool { return auxiliary(name) || testFile(name) || name == "conftest.py" })
}
