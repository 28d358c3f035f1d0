package main

import (
	"cmp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// offerStyle adds a step for each configured checker, which run in parallel, and one for each that can
// rewrite files.
func (e *env) offerStyle(b *builder) {
	checkers := e.linters()
	if len(checkers) == 0 {
		b.absent("style", "no linter or formatter is configured: ruff, flake8, pylint, black, isort, mypy")
		return
	}
	deps := e.styleDeps(b, checkers)
	last := ""
	for _, c := range checkers {
		id := "style-" + c.id()
		b.addTarget("style", c.name+", because "+c.why, b.addStep(id, e.checkStep(c, c.argv, deps(c))))
		if c.fix == nil {
			continue
		}
		s := e.checkStep(c, c.fix, deps(c))
		s.NoCache = true
		if last != "" {
			// formatters run one after the other, since they rewrite the same files
			s.Needs = append(s.Needs, last)
		}
		last = b.addStep("format-"+c.id(), s)
		b.addTarget("format", c.name+", because "+c.why, last)
	}
}

// id returns an id that is unique among the checkers: ruff is two of them.
func (c checker) id() string {
	if c.name == "ruff" && c.argv[1] == "format" {
		return "ruff-format"
	}
	return c.name
}

// styleDeps adds the steps that install the programs, and returns a function from a checker to its needs.
func (e *env) styleDeps(b *builder, checkers []checker) func(checker) []string {
	var plain []string
	withDeps := false
	for _, c := range checkers {
		withDeps = withDeps || c.needsDependencies
		if !c.needsDependencies && !slices.Contains(plain, c.name) {
			plain = append(plain, c.name)
		}
	}
	ids := map[bool][]string{}
	if len(plain) > 0 {
		ids[false] = []string{e.install(b, "style", plain...)}
		b.addTarget("init", "the linters", ids[false]...)
	}
	if withDeps {
		ids[true] = e.deps(b)
	}
	return func(c checker) []string { return slices.Clone(ids[c.needsDependencies]) }
}

func (e *env) checkStep(c checker, argv, needs []string) plan.Step {
	s := plan.Step{Op: plan.OpExec, Argv: argv, Needs: needs, Path: toolsPath(".venv-style"),
		Inputs: e.all(), Settings: sdk.Settings(c.name)}
	if c.name == "ruff" || c.name == "black" {
		s.Settings = sdk.Settings(c.name, "git") // they leave out what git ignores
	}
	if c.needsDependencies {
		s.Path = nil
	}
	return s
}

// linters returns the configured checkers of style.
func (e *env) linters() (out []checker) {
	add := func(c checker) {
		if c.why != "" {
			out = append(out, c)
		}
	}
	ruffFiles := []string{"ruff.toml", ".ruff.toml"}
	ruff := cmp.Or(e.configured("ruff", ruffFiles, "tool.ruff"), e.hookWhy("ruff-check"))
	add(checker{name: "ruff", why: ruff, argv: []string{"ruff", "check", "."},
		fix: []string{"ruff", "check", "--fix", "."}})
	if ruff != "" {
		add(checker{name: "ruff", why: e.ruffFormat(), argv: []string{"ruff", "format", "--check", "."},
			fix: []string{"ruff", "format", "."}})
	}
	flake8 := e.configured("flake8", []string{".flake8"}, "flake8")
	add(checker{name: "flake8", why: flake8, argv: append([]string{"flake8"}, e.sources()...)})
	isort := e.configured("isort", []string{".isort.cfg"}, "tool.isort", "isort")
	add(checker{name: "isort", why: isort,
		argv: append([]string{"isort", "--check-only", "--diff"},
			e.sources()...), fix: append([]string{"isort"}, e.sources()...)})
	black := e.configured("black", nil, "tool.black")
	add(checker{name: "black", why: black, argv: append([]string{"black", "--check"}, e.sources()...),
		fix: append([]string{"black"}, e.sources()...)})
	pylint := e.configured("pylint", []string{".pylintrc", "pylintrc", ".pylintrc.toml", "pylintrc.toml"},
		"tool.pylint", "pylint", "pylint.main", "MASTER", "tool.pylint.main")
	add(checker{name: "pylint", why: pylint, argv: append([]string{"pylint"}, e.packages()...),
		needsDependencies: true})
	mypy := e.configured("mypy", []string{"mypy.ini", ".mypy.ini"}, "tool.mypy", "mypy")
	add(checker{name: "mypy", why: mypy, argv: append([]string{"mypy"}, e.mypyPaths()...),
		needsDependencies: true})
	return out
}

// ruffFormat returns the evidence that ruff formats the sources. A project that only lints with ruff may
// format with black.
func (e *env) ruffFormat() string {
	if toml.Has(e.pyproject, "tool", "ruff", "format") {
		return "pyproject.toml has [tool.ruff.format]"
	}
	for _, name := range []string{"ruff.toml", ".ruff.toml"} {
		if text, _ := e.Read(e.at(name)); strings.Contains(text, "[format]") {
			return name + " has [format]"
		}
	}
	return e.hookWhy("ruff-format")
}

func (e *env) hookWhy(id string) string {
	if e.hooks()[id] {
		return "pre-commit runs " + id
	}
	return ""
}

// mypyPaths returns the arguments of mypy, or nil if its configuration lists what to check.
func (e *env) mypyPaths() []string {
	table := toml.Table(e.pyproject, "tool", "mypy")
	configured := toml.Has(table, "files") || toml.Has(table, "packages") || toml.Has(table, "modules")
	for _, f := range []ini{e.setupCfg, parseINI(e.Head(e.at("mypy.ini"), 1<<14)),
		parseINI(e.Head(e.at(".mypy.ini"), 1<<14))} {
		configured = configured || f["mypy"]["files"] != "" || f["mypy"]["packages"] != ""
	}
	if configured {
		return nil
	}
	return e.packages()
}
