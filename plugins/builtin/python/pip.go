package main

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// A pip is a virtual environment that pip fills.
type pip struct {
	dir     string
	options string     // the options of every call, each followed by a space
	lines   [][]string // the arguments of each call
	// fallbackProbe is a command that checks, after pip failed, whether the installed packages are enough for
	// the tests to start.
	fallbackProbe []string
}

// script returns a script that makes the environment if it does not exist, and calls pip in it. An
// environment of the user's in which pip does not work gets one. The script also works on Windows, where the
// folder of programs is Scripts.
func (p pip) script() string {
	words := p.options + sdk.Quote(slices.Concat(p.lines...)...)
	s := environmentScript{
		dir: p.dir, summary: "pip install " + words + " # in " + p.dir, failed: "exit $status\n",
		start: strings.ReplaceAll(inside, "DIR", p.dir),
		// A link to an interpreter that is not there may be one of another machine.
		create: "mkdir -p " + p.dir + " && begin && python3 -m venv " + p.dir,
		repair: "begin && { has_pip || inside -m ensurepip --default-pip || { [ ! -L " + p.dir +
			"/bin/python ] && python3 -m venv " + p.dir + "; }; }",
	}
	for _, line := range p.lines {
		s.fill = append(s.fill, "inside -m pip install --disable-pip-version-check "+p.options+sdk.Quote(line...))
	}
	if p.fallbackProbe != nil {
		s.failed = "echo 'pip could not install what is missing; is the rest enough for the tests to start?' >&2\n" +
			quoteProbe(p.fallbackProbe) + "\n"
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

// pipLines returns the arguments of the calls of pip: the requirements files, then the project itself with
// the extras and groups for its tests (only a new pip can read groups) and more requirements. Files are
// installed separately, since one with hashes cannot be installed together with the project.
func (e *env) pipLines(extras, groups []string, more []requirement) (lines [][]string) {
	if len(e.files) > 0 {
		lines = append(lines, repeatOption("-r", e.files))
	}
	var last []string
	if e.isPackage {
		self := "."
		if len(extras) > 0 {
			self += "[" + strings.Join(extras, ",") + "]"
		}
		last = append(last, "-e", self)
	} else {
		for _, r := range e.runtime {
			if !e.inFiles(r) {
				last = append(last, string(r))
			}
		}
		more = append(e.members(e.extras, extras), more...)
	}
	for _, r := range slices.Concat(e.members(e.groups, groups), e.runnerNeeds(), more) {
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
		if _, ok := declares(e.fileDeps[file], r.name()); ok {
			return true
		}
	}
	return false
}

// runnerNeeds returns the test runner and its plugins, unless the extras and groups for the tests contain
// them.
func (e *env) runnerNeeds() (out []requirement) {
	extras, groups := e.extrasAndGroups()
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
