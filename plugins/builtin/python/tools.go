package python

import (
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
	// asks means that it asks the python on PATH for them.
	asks bool
	// needs is what the task that calls it installs, and extra are the requirements among that.
	needs needs
	extra []requirement
}

// readHooks reads the hooks of pre-commit, whose configuration is in the root of a repository.
func (pr *project) readHooks() {
	text, ok := pr.Read(pr.at(precommit.File))
	if !ok {
		text, _ = pr.Read(precommit.File)
	}
	pr.hooks = precommit.Parse(text)
}

// hooksOf returns the hooks with one of the ids, or whose entry has the words of a command.
func (pr *project) hooksOf(ids, command []string) (out []*precommit.Hook) {
	for i := range pr.hooks.Hooks {
		if h := &pr.hooks.Hooks[i]; !h.Manual && h.Runs(ids, command...) {
			out = append(out, h)
		}
	}
	return out
}

// hookOf returns the first hook that runs a program, or nil.
func (pr *project) hookOf(name string) *precommit.Hook {
	if hooks := pr.hooksOf([]string{name}, []string{name}); len(hooks) > 0 {
		return hooks[0]
	}
	return nil
}

// configured returns the evidence that the project uses a program: a configuration file, a table in
// pyproject.toml, a section of setup.cfg or tox.ini, a requirement, or a hook of pre-commit. Without
// evidence, the program is not run.
func (pr *project) configured(name string, files []string, sections ...string) string {
	if file := pr.firstOf(files...); file != "" {
		return "of " + file
	}
	for _, section := range sections {
		switch {
		case pr.pyprojectHas(section):
			return "pyproject.toml has [" + section + "]"
		case pr.setupCfg.Has(section):
			return "setup.cfg has [" + section + "]"
		case pr.toxIni.Has(section):
			return "tox.ini has [" + section + "]"
		}
	}
	if _, ok := pr.requires(name); ok && !pr.doneByRuff(name) {
		return "the project requires it"
	}
	if pr.hookOf(name) != nil {
		return "pre-commit runs it"
	}
	return ""
}

// doneByRuff reports whether a linter is only required, in a project that configures or calls ruff, which does the same,
// and calls the linter nowhere: the documentation of a project may need black, too.
func (pr *project) doneByRuff(name string) bool {
	return slices.Contains([]string{"black", "isort", "flake8", "autoflake", "autopep8", "yapf"}, name) &&
		!callsOneOf(pr.pipelineCommands(), name) && !callsOneOf(pr.taskCommands(), name) &&
		(pr.pyprojectHas("tool.ruff") || pr.firstOf("ruff.toml", ".ruff.toml") != "" || pr.callsRuff("check") ||
			pr.callsRuff("format") || len(pr.hooksOf([]string{"ruff", "ruff-check", "ruff-format"}, []string{"ruff"})) > 0)
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
