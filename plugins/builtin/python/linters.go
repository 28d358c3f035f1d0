package python

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/ini"
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
	// asks means that it reads them too, but asks the python on PATH for them, so that it needs not be among them: a test
	// may be another one where it is.
	asks bool
	// writing are its options that decide if it rewrites files, besides those that all of them have.
	writing []string
	// enters means that it would check the environments in the folder of the project too, and needsPaths that it
	// checks that folder, or nothing, if it is given no paths.
	enters, needsPaths bool
}

// linters returns the linters in the order in which they rewrite files.
func linters() []linter { return slices.Concat(ruffs(), formatters(), analysers(), calledOnly()) }

// ruffs returns the two linters of ruff.
func ruffs() []linter {
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
	}}
}

// formatters returns the linters that rewrite the sources, and flake8. Each is called so that it only checks.
func formatters() []linter {
	return []linter{{
		name: "autoflake", step: "autoflake", hooks: []string{"autoflake"}, entry: []string{"autoflake"},
		check: []string{"autoflake", "--check"}, fix: []string{"autoflake", "--in-place"},
		writing: []string{"-i", "-c", "-cd", "--check-diff"}, suffixes: []string{".py"},
		paths: (*env).recursive, enters: true,
		why: func(e *env) string { return e.configured("autoflake", nil, "tool.autoflake") },
	}, {
		name: "flake8", step: "flake8", hooks: []string{"flake8"}, entry: []string{"flake8"},
		check: []string{"flake8"}, suffixes: []string{".py"}, paths: (*env).sources, enters: true, needsPaths: true,
		why: func(e *env) string { return e.configured("flake8", []string{".flake8"}, "flake8") },
	}, {
		name: "isort", step: "isort", hooks: []string{"isort"}, entry: []string{"isort"},
		check: []string{"isort", "--check-only", "--diff"}, fix: []string{"isort"}, writing: []string{"-c"},
		hookArgs: []string{"--filter-files"}, suffixes: []string{".py", ".pyi", ".pyx", ".pxd"},
		paths: (*env).sources, enters: true,
		why: func(e *env) string { return e.configured("isort", []string{".isort.cfg"}, "tool.isort", "isort") },
	}, {
		name: "docformatter", step: "docformatter", hooks: []string{"docformatter"}, entry: []string{"docformatter"},
		check: []string{"docformatter", "--check"}, writing: []string{"-i", "-c"}, suffixes: []string{".py"},
		paths: (*env).recursive, enters: true,
		why: func(e *env) string { return e.configured("docformatter", nil, "tool.docformatter", "docformatter") },
	}, {
		name: "autopep8", step: "autopep8", hooks: []string{"autopep8"}, entry: []string{"autopep8"},
		check: []string{"autopep8", "--diff", "--exit-code"}, fix: []string{"autopep8", "--in-place"},
		writing: []string{"-i", "-d"}, suffixes: []string{".py"}, paths: (*env).recursive, enters: true,
		why: func(e *env) string { return e.configured("autopep8", nil, "tool.autopep8") },
	}, {
		name: "yapf", step: "yapf", hooks: []string{"yapf"}, entry: []string{"yapf"},
		check: []string{"yapf", "--diff"}, fix: []string{"yapf", "--in-place"}, writing: []string{"-i", "-d", "-q"},
		suffixes: []string{".py"}, paths: (*env).recursive, enters: true,
		why: func(e *env) string { return e.configured("yapf", []string{".style.yapf"}, "tool.yapf", "yapf") },
	}, {
		name: "black", step: "black", hooks: []string{"black", "black-jupyter"}, entry: []string{"black"},
		check: []string{"black", "--check"}, fix: []string{"black"}, suffixes: []string{".py", ".pyi"},
		paths: (*env).sources,
		why:   func(e *env) string { return e.configured("black", nil, "tool.black") },
	}}
}

// analysers returns the linters that read what the sources import. Which of them a project has in its environment
// says little: mypy needs the files that it checks.
func analysers() []linter {
	return []linter{{
		name: "pylint", step: "pylint", hooks: []string{"pylint"}, entry: []string{"pylint"},
		check: []string{"pylint"}, suffixes: []string{".py"}, paths: (*env).packages, analyses: true, enters: true,
		why: func(e *env) string {
			return e.configured("pylint", []string{".pylintrc", "pylintrc", ".pylintrc.toml", "pylintrc.toml"},
				"tool.pylint", "pylint", "pylint.main", "MASTER", "tool.pylint.main")
		},
	}, {
		name: "mypy", step: "mypy", hooks: []string{"mypy"}, entry: []string{"mypy"},
		check: []string{"mypy"}, hookArgs: []string{"--ignore-missing-imports", "--scripts-are-modules"},
		suffixes: []string{".py", ".pyi"}, paths: nothing, analyses: true, why: (*env).mypyConfigured,
	}}
}

// calledOnly returns the linters that style runs only as the automation of the project calls them.
func calledOnly() (out []linter) {
	for _, l := range []linter{
		{name: "pyright", asks: true}, {name: "basedpyright", asks: true}, {name: "ty", asks: true},
		{name: "pyrefly", asks: true}, {name: "slotscheck", analyses: true}, {name: "deptry", analyses: true},
		{name: "import-linter", entry: []string{"lint-imports"}, analyses: true},
		{name: "pycodestyle", enters: true}, {name: "pyflakes", enters: true}, {name: "pydocstyle", enters: true},
		{name: "codespell", writing: []string{"-w", "--write-changes"}}, {name: "vulture", enters: true},
		{name: "interrogate", enters: true}, {name: "doc8"}, {name: "yamllint"},
	} {
		if l.entry == nil {
			l.entry = []string{l.name}
		}
		l.step, l.check, l.paths = l.name, l.entry, nothing
		out = append(out, l)
	}
	return out
}

func everything(*env) []string { return []string{"."} }

func nothing(*env) []string { return nil }

// recursive returns the sources for a program that enters folders only if it is asked to.
func (e *env) recursive() []string { return append([]string{"--recursive"}, e.sources()...) }

// linters returns the checkers of style. Where the pipelines run checks, those are the project's own style. Otherwise
// the hooks of pre-commit are, then what other tasks call, then what is configured.
func (e *env) linters() []checker {
	if e.checked == nil {
		e.checked = []checker{}
		for _, l := range linters() {
			e.checked = append(e.checked, l.checkers(e)...)
		}
	}
	return e.checked
}

// checkers returns the checkers of one linter.
func (l linter) checkers(e *env) (out []checker) {
	hooks := e.hooksOf(l.hooks, l.entry)
	_, whole := e.preCommitCall()
	calls := e.callsOf(l)
	if len(hooks) > 0 && (len(calls) == 0 || whole || !e.pipelineChecks()) {
		for _, h := range hooks {
			out = append(out, l.hooked(e, h))
		}
	}
	if len(hooks) == 0 || e.pipelineChecks() {
		for _, call := range calls {
			out = append(out, l.called(e, call))
		}
	}
	if why := l.evidence(e); len(out) == 0 && why != "" && !e.pipelineChecks() {
		out = append(out, l.configured(e, why))
	}
	return out
}

// evidence returns the evidence besides hooks and calls that the project uses the linter.
func (l linter) evidence(e *env) string {
	if l.why == nil {
		return ""
	}
	return l.why(e)
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
		if k.hook = h; l.why == nil {
			k.argv = l.asEntry(e, h)
		}
		return k
	}
	args := h.Args
	if args == nil {
		args = l.hookArgs
	}
	args = slices.DeleteFunc(slices.Clone(args), func(arg string) bool {
		return decidesRewriting(arg) || slices.Contains(l.writing, arg)
	})
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

// asEntry returns the command of a hook of the project's own: the linter with what follows it in the entry, and with the
// sources if pre-commit passes the names of files.
func (l linter) asEntry(e *env, h *precommit.Hook) []string {
	argv := slices.Clone(l.check)
	words := strings.Fields(h.Entry)
	if at := slices.Index(words, l.check[0]); at >= 0 {
		argv = append(argv, words[at+1:]...)
	}
	if argv = append(argv, h.Args...); !h.NoFiles {
		argv = append(argv, e.sources()...)
	}
	return argv
}

// decidesRewriting reports whether an argument decides if a linter rewrites files, which depends on the target.
func decidesRewriting(arg string) bool {
	return slices.Contains([]string{"--fix", "--no-fix", "--fix-only", "--exit-non-zero-on-fix", "--check", "--diff",
		"--check-only", "--in-place", "--exit-code", "--exit-non-zero-on-format"}, arg)
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
	if len(e.hooksOf([]string{"ruff-format"}, []string{"ruff", "format"})) > 0 || e.callsRuff("format") {
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

// callsRuff reports whether a task or a pipeline calls a command of ruff.
func (pr *project) callsRuff(command string) bool {
	return callsOneOf(pr.pipelineCommands(), "ruff", command) || callsOneOf(pr.taskCommands(), "ruff", command)
}

func callsOneOf(commands []command, words ...string) bool {
	return slices.ContainsFunc(commands, func(c command) bool { return c.calls(words...) })
}

// mypyConfigured returns the evidence that mypy is run by its name alone: its configuration lists what it checks.
func (e *env) mypyConfigured() string {
	table := toml.Table(e.pyproject, "tool", "mypy")
	if toml.Has(table, "files") || toml.Has(table, "packages") || toml.Has(table, "modules") {
		return "pyproject.toml lists what it checks"
	}
	for _, name := range []string{"mypy.ini", ".mypy.ini", "setup.cfg"} {
		section := ini.Parse(e.Head(e.at(name), 1<<14))["mypy"]
		if section["files"] != "" || section["packages"] != "" || section["modules"] != "" {
			return name + " lists what it checks"
		}
	}
	return ""
}
