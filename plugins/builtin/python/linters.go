package main

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/precommit"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A linter is a program that style knows. Ruff is two of them.
type linter struct {
	name  string   // of the program and of its distribution
	step  string   // the end of the ids of its steps
	hooks []string // the ids of its hooks
	entry []string // its command in a hook of the project's own
	// check and fix are the commands, without what is checked.
	check, fix []string
	// hookArgs are the arguments of the hook where the configuration has none, and listed those that the
	// command of the hook has.
	hookArgs, listed []string
	suffixes         []string
	// why returns the evidence besides hooks that the project uses it.
	why func(*env) string
	// paths returns what is checked where there is no hook.
	paths func(*env) []string
	// whole means that "." is what its hook checks, unless that has expressions for files.
	whole bool
	// analyses means that it reads the packages that the sources import.
	analyses bool
}

// linters returns the linters in the order in which they rewrite files.
func linters() []linter {
	return []linter{{
		name: "ruff", step: "ruff", hooks: []string{"ruff", "ruff-check"}, entry: []string{"ruff", "check"},
		// With "fix" or "fix-only" in its configuration, it would rewrite the files that it checks.
		check: []string{"ruff", "check", "--no-fix", "--no-fix-only"}, fix: []string{"ruff", "check", "--fix"},
		listed: []string{"--force-exclude"}, suffixes: []string{".py", ".pyi", ".ipynb"},
		why: (*env).ruffCheck, paths: everything, whole: true,
	}, {
		name: "ruff", step: "ruff-format", hooks: []string{"ruff-format"}, entry: []string{"ruff", "format"},
		check: []string{"ruff", "format", "--check"}, fix: []string{"ruff", "format"},
		listed: []string{"--force-exclude"}, suffixes: []string{".py", ".pyi", ".ipynb"},
		why: (*env).ruffFormat, paths: everything, whole: true,
	}, {
		name: "flake8", step: "flake8", hooks: []string{"flake8"}, entry: []string{"flake8"},
		check: []string{"flake8"}, suffixes: []string{".py"}, paths: (*env).sources,
		why: func(e *env) string { return e.configured("flake8", []string{".flake8"}, "flake8") },
	}, {
		name: "isort", step: "isort", hooks: []string{"isort"}, entry: []string{"isort"},
		check: []string{"isort", "--check-only", "--diff"}, fix: []string{"isort"},
		hookArgs: []string{"--filter-files"}, suffixes: []string{".py", ".pyi", ".pyx", ".pxd"},
		paths: (*env).sources,
		why:   func(e *env) string { return e.configured("isort", []string{".isort.cfg"}, "tool.isort", "isort") },
	}, {
		name: "black", step: "black", hooks: []string{"black", "black-jupyter"}, entry: []string{"black"},
		check: []string{"black", "--check"}, fix: []string{"black"}, suffixes: []string{".py", ".pyi"},
		paths: (*env).sources,
		why:   func(e *env) string { return e.configured("black", nil, "tool.black") },
	}, {
		name: "pylint", step: "pylint", hooks: []string{"pylint"}, entry: []string{"pylint"},
		check: []string{"pylint"}, suffixes: []string{".py"}, paths: (*env).packages, analyses: true,
		why: func(e *env) string {
			return e.configured("pylint", []string{".pylintrc", "pylintrc", ".pylintrc.toml", "pylintrc.toml"},
				"tool.pylint", "pylint", "pylint.main", "MASTER", "tool.pylint.main")
		},
	}, {
		name: "mypy", step: "mypy", hooks: []string{"mypy"}, entry: []string{"mypy"},
		check: []string{"mypy"}, hookArgs: []string{"--ignore-missing-imports", "--scripts-are-modules"},
		suffixes: []string{".py", ".pyi"}, paths: (*env).mypyPaths, analyses: true,
		why: func(e *env) string {
			return e.configured("mypy", []string{"mypy.ini", ".mypy.ini"}, "tool.mypy", "mypy")
		},
	}}
}

func everything(*env) []string { return []string{"."} }

// linters returns the checkers of style: one for each hook of a linter, or one for its configuration.
func (e *env) linters() (out []checker) {
	for _, l := range linters() {
		hooks := e.hooksOf(l.hooks, l.entry)
		for _, h := range hooks {
			out = append(out, l.hooked(e, h))
		}
		if len(hooks) > 0 {
			continue
		}
		if why := l.why(e); why != "" {
			out = append(out, l.configured(e, why))
		}
	}
	return out
}

// configured returns the checker of a linter that no hook runs.
func (l linter) configured(e *env, why string) checker {
	paths := l.paths(e)
	k := checker{name: l.name, step: l.step, why: why, argv: slices.Concat(l.check, paths), analyses: l.analyses}
	if l.fix != nil {
		k.fix = slices.Concat(l.fix, paths)
	}
	return k
}

// hooked returns the checker of a linter that a hook runs. The arguments of a hook that the project defines
// itself are unknown.
func (l linter) hooked(e *env, h *precommit.Hook) checker {
	why := "pre-commit runs " + h.ID
	if h.Entry != "" || h.Local() {
		k := l.configured(e, why)
		k.hook = h
		return k
	}
	args := h.Args
	if args == nil {
		args = l.hookArgs
	}
	args = slices.DeleteFunc(slices.Clone(args), decidesRewriting)
	k := checker{name: l.name, step: l.step, why: why, hook: h, analyses: l.analyses}
	switch filtered := len(h.Files)+len(h.Exclude) > 0; {
	case h.NoFiles:
	case l.whole && !filtered:
		args = append(args, ".")
	default:
		args = append(slices.Clone(l.listed), args...)
		k.selection = &selection{hook: h, suffixes: l.suffixes}
	}
	k.argv = slices.Concat(l.check, args)
	if l.fix != nil {
		k.fix = slices.Concat(l.fix, args)
	}
	return k
}

// decidesRewriting reports whether an argument decides if a linter rewrites files, which depends on the target.
func decidesRewriting(arg string) bool {
	return slices.Contains([]string{"--fix", "--no-fix", "--fix-only", "--exit-non-zero-on-fix", "--check", "--diff",
		"--check-only"}, arg)
}

// ruffCheck returns the evidence that ruff lints the sources. A hook that formats is none.
func (e *env) ruffCheck() string {
	for _, keys := range [][]string{{"lint"}, {"select"}, {"extend-select"}, {"ignore"}} {
		if toml.Has(e.pyproject, append([]string{"tool", "ruff"}, keys...)...) {
			return "pyproject.toml selects its rules"
		}
	}
	file := e.firstOf("ruff.toml", ".ruff.toml")
	if text, _ := e.Read(e.at(file)); file != "" && (strings.Contains(text, "lint") || strings.Contains(text, "select")) {
		return "of " + file
	}
	if len(e.hooksOf([]string{"ruff-format"}, []string{"ruff", "format"})) > 0 {
		return ""
	}
	return e.configured("ruff", []string{"ruff.toml", ".ruff.toml"}, "tool.ruff")
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
