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

// script returns a script that creates the environment if it does not exist, and calls pip in it. If pip
// fails, the script removes an environment that it has created, because an incomplete one would hide the
// machine's python3 from commands that worked with it. It also works on Windows, where the folder of programs
// is Scripts.
func (p pip) script() string {
	var b strings.Builder
	b.WriteString("# pip install " + p.options + sdk.Quote(slices.Concat(p.lines...)...) + " # in " + p.dir +
		"\n")
	b.WriteString("new=; [ -e " + p.dir + " ] || new=1\n")
	b.WriteString("inside() { if [ -e " + p.dir + "/bin/python ]; then " + p.dir +
		"/bin/python \"$@\"; else " + p.dir + "/Scripts/python.exe \"$@\"; fi; }\n")
	b.WriteString("{ [ -z \"$new\" ] || { python3 -m venv " + p.dir + " && echo '*' > " + p.dir +
		"/.gitignore; }; } &&\n")
	for _, line := range p.lines {
		b.WriteString("inside -m pip install --disable-pip-version-check " + p.options + sdk.Quote(line...) +
			" &&\n")
	}
	b.WriteString("exit 0\n")
	b.WriteString("[ -z \"$new\" ] || python3 -c 'import shutil; shutil.rmtree(\"" + p.dir + "\", True)'\n")
	if p.fallbackProbe == nil {
		return b.String() + "exit 1\n"
	}
	b.WriteString("echo 'pip could not install what is missing; is the rest enough for the tests to start?' >&2\n")
	return b.String() + quoteProbe(p.fallbackProbe) + "\n"
}

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
