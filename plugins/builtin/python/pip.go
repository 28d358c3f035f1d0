package python

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A pip is a virtual environment that pip fills.
type pip struct {
	dir     string
	options string     // the options of every call, each followed by a space
	lines   [][]string // the arguments of each call
	// sum identifies what the environment is made from besides the lines. pip never removes a package, so an
	// environment of davit's own that was made from something else is made anew.
	sum string
	// python are the versions of Python that the project accepts, if pip does not know them.
	python string
	// own is the package that is installed in place, of which asked are the requirements.
	own   string
	asked [][]string
	// marked means that an environment that somebody else made does not do: it may lack what a package says of itself
	// besides, such as its commands, or have other archives than those whose hashes are listed.
	marked bool
	// fetched are requirements with an address. pip takes a package of the same version for what is there.
	fetched []string
}

// made returns what an environment is made from.
func (p pip) made() string { return sum(p.lines, p.sum) }

// script returns a script that makes the environment if it does not exist, and calls pip in it. An
// environment of the user's in which pip does not work gets one. The script also works on Windows, where the
// folder of programs is Scripts.
func (p pip) script() string {
	words := p.options + sdk.Quote(slices.Concat(p.lines...)...)
	s := environmentScript{
		dir: p.dir, summary: "pip install " + words + " # in " + p.dir,
		start:  strings.ReplaceAll(inside, "DIR", p.dir),
		made:   `"made ` + p.made() + " " + outsidePython + `"`,
		create: "mkdir -p " + p.dir + " && begin && python3 -m venv " + p.dir,
		repair: "begin && { has_pip || inside -m ensurepip --default-pip || python3 -m venv " + p.dir + "; }",
	}
	if p.python != "" {
		s.repair += " && inside -c " + sdk.Quote(suits, p.dir, p.python)
	}
	for _, line := range p.lines {
		s.fill = append(s.fill, "inside -m pip install --disable-pip-version-check "+p.options+sdk.Quote(line...))
	}
	if len(p.lines) == 0 {
		s.fill = []string{"true"}
	}
	for _, r := range p.fetched {
		s.fill = append(s.fill, `{ [ -n "$mark" ] || inside -m pip install --disable-pip-version-check `+
			"--force-reinstall --no-deps "+r+"; }")
	}
	return s.String()
}

// inside defines functions of a script: one that calls the interpreter of an environment, and one that
// reports whether it has pip.
const inside = `inside() {
  if [ -e DIR/bin/python ]; then DIR/bin/python "$@"; else DIR/Scripts/python.exe "$@"; fi
}
has_pip() { inside -m pip --version >/dev/null 2>&1; }
`

// suits is a program that fails, and says so, if the version of its interpreter is not one that the project
// accepts.
const suits = `import platform, sys
from pip._vendor.packaging.specifiers import SpecifierSet
dir, accepted, version = *sys.argv[1:], platform.python_version()
if not SpecifierSet(accepted).contains(version, prereleases=True):
    sys.exit("%s has Python %s, and the project asks for %s: remove it" % (dir, version, accepted))`

//go:embed check.py
var checkSource string

// checkScript returns the program of the check without its comments.
func checkScript() string {
	lines := slices.DeleteFunc(strings.Split(checkSource, "\n"), func(line string) bool {
		return strings.HasPrefix(strings.TrimSpace(line), "#") || line == ""
	})
	return strings.Join(lines, "\n") + "\n"
}

// check returns the command that asks pip whether the interpreter has everything already. See check.py.
func (p pip) check(what string) []string {
	lines, mark := p.lines, ""
	if p.own != "" {
		lines = p.asked
	}
	if p.marked {
		mark = "made"
	}
	argv := []string{"python3", "-c", checkScript(), p.dir, p.made(), p.python, p.own, mark, what}
	for _, line := range lines {
		argv = append(append(argv, "--"), line...)
	}
	return argv
}

// pip returns the environment of the project as pip fills it.
func (e *env) pip(extras, groups []string, more []requirement) pip {
	p := pip{dir: e.environmentName(), sum: e.requirementsSum()}
	p.lines = e.pipLines("-e", extras, groups, more)
	p.fetched = e.fetched(slices.Concat(p.lines...))
	p.marked = e.hasHashes()
	if !e.isPackage {
		p.python = specifier(e.python)
		return p
	}
	p.own, p.marked = e.name, p.marked || e.hasEntryPoints()
	p.asked = e.pipLines("", extras, groups, more)
	return p
}

// canCheck reports whether pip can be asked, without a network and without building anything, whether it would
// install something.
func (e *env) canCheck(p pip) bool {
	if e.hasLocalRequirements() || len(p.fetched) > 0 {
		return false
	}
	return !e.isPackage || e.named && !e.compiles() && !e.setupWrites() && !e.gitVersioned() && !e.hasComputedDependencies()
}

// fetched returns those of the lines and of the requirements files that are addresses, as arguments of pip.
func (e *env) fetched(lines []string) (args []string) {
	for _, name := range e.read {
		lines = append(lines, strings.Split(e.manifest(name), "\n")...)
	}
	for _, line := range lines {
		line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
		line, _, _ = strings.Cut(line, " --")
		line = strings.TrimSpace(line)
		if address, editable := option(line, "--editable", "-e"); isFetched(line) && editable {
			args = append(args, sdk.Quote("-e", address))
		} else if isFetched(line) {
			args = append(args, sdk.Quote(line))
		}
	}
	return args
}

// hasHashes reports whether a requirements file lists hashes, which pip compares only with what it fetches.
func (e *env) hasHashes() bool {
	return slices.ContainsFunc(e.read, func(name string) bool { return strings.Contains(e.manifest(name), "--hash") })
}

// isFetched reports whether a requirement is an address, whose content pip only knows when it has fetched it.
func isFetched(line string) bool {
	other := strings.HasPrefix(line, "-") && !strings.HasPrefix(line, "-e") && !strings.HasPrefix(line, "--editable")
	return strings.Contains(line, "://") && !other && !strings.HasPrefix(line, "#")
}

// hasComputedDependencies reports whether the requirements of the package are known only when it is built.
func (e *env) hasComputedDependencies() bool {
	return e.hasDynamicDependencies() && len(e.runtime) == 0
}

// hasEntryPoints reports whether an install of the package makes commands, or plugins that other packages find.
func (e *env) hasEntryPoints() bool {
	project := toml.Table(e.pyproject, "project")
	return toml.Has(project, "scripts") || toml.Has(project, "gui-scripts") || toml.Has(project, "entry-points") ||
		strings.Contains(e.setupPy.text, "entry_points") || e.setupCfg.Has("options.entry_points")
}

// requirementsSum identifies what decides which packages the environment has: the requirements files with those
// that they include, and what the package says of itself. What else is in pyproject.toml, such as the
// configuration of linters, does not count.
func (e *env) requirementsSum() string {
	words := []any{e.setupPy.text, e.pyproject["project"], e.pyproject["build-system"]}
	for _, name := range e.read {
		words = append(words, e.manifest(name))
	}
	for _, tool := range []string{"setuptools", "hatch", "poetry", "pdm", "flit"} {
		words = append(words, toml.Table(e.pyproject, "tool", tool))
	}
	for _, section := range []string{"metadata", "options", "options.extras_require", "options.entry_points"} {
		words = append(words, e.setupCfg[section])
	}
	return sum(words...)
}

// pipLines returns the arguments of the calls of pip: the requirements files, then the project itself with
// the extras and groups for its tests (only a new pip can read groups) and more requirements. Files are
// installed separately, since one with hashes cannot be installed together with the project. Without the option
// for it, what the project requires takes its place.
func (e *env) pipLines(editable string, extras, groups []string, more []requirement) (lines [][]string) {
	if len(e.files) > 0 {
		lines = append(lines, repeatOption("-r", e.files))
	}
	var last []string
	if e.isPackage && editable != "" {
		self := "."
		if len(extras) > 0 {
			self += "[" + strings.Join(extras, ",") + "]"
		}
		last = append(last, editable, self)
	} else {
		for _, r := range e.runtime {
			if e.isPackage || !e.inFiles(r) {
				last = append(last, string(r))
			}
		}
		more = append(e.members(e.extras, extras), more...)
	}
	for _, r := range slices.Concat(e.members(e.groups, groups), e.runnerNeeds(extras, groups), more) {
		if !slices.Contains(last, string(r)) && !e.inFiles(r) {
			last = append(last, string(r))
		}
	}
	if len(last) > 0 {
		lines = append(lines, last)
	}
	return lines
}

func (e *env) members(sets map[string][]requirement, names []string) (out []requirement) {
	for _, name := range names {
		out = append(out, sets[name]...)
	}
	return out
}

func (e *env) inFiles(r requirement) bool {
	for _, file := range e.files {
		if slices.Contains(e.fileDeps[file], r) {
			return true
		}
	}
	return false
}

// runnerNeeds returns the test runner and its plugins, unless the extras and groups for the tests contain
// them.
func (e *env) runnerNeeds(extras, groups []string) (out []requirement) {
	installed := slices.Concat(e.members(e.extras, extras), e.members(e.groups, groups))
	var names []string
	if e.tests.runner != "" && e.tests.runner != "unittest" && e.tests.runner != "django" {
		names = append(names, e.tests.runner)
	}
	for _, m := range e.tests.config.plugins() {
		names = append(names, distribution(m))
	}
	for _, name := range names {
		r, declared := e.requires(name)
		if _, ok := declares(installed, name); ok {
			continue
		}
		if !declared {
			r = requirement(name)
		}
		out = append(out, r)
	}
	return out
}
