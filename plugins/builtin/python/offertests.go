package main

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// offerTests adds the tests. "test" is the one command that runs all of them, even where the layout tells kinds of tests
// apart: a threshold of coverage, say, only holds for all of them together. The kinds come besides.
func (e *env) offerTests(o *out) {
	t := e.tests
	if t.runner == "" {
		o.absent("test", t.why)
		return
	}
	o.decide("%s", t.why)
	if t.either {
		o.decide("unittest serves where there is no pytest, because the tests are written for it")
	}
	deps := e.prepare(o, "deps", append(e.runtimeWords(), e.testWords()...))
	o.decide("%s", e.environment())
	if deps != nil {
		o.target("init", "what the project and its tests need", deps...)
	}
	parts := t.parts()
	o.target("test", t.why+e.othersWhy(), o.step("test", e.testStep(deps, nil, len(parts) > 0)))
	if len(parts) == 0 {
		return
	}
	if t.unitFiles(parts) {
		o.target("test-unit", "the tests outside "+kindsOf(parts), o.step("test-unit", e.testStep(deps, unit(parts), false)))
	}
	for _, p := range parts {
		o.target(p.target, "the tests in "+kindsOf([]part{p}), o.step(p.target, e.testStep(deps, p.select_(), true)))
	}
}

// environment says which environment the tests get, and when.
func (e *env) environment() string {
	how := "pip"
	if e.manager != venv {
		how = string(e.manager)
	}
	return "the environment is .venv where there is one, else the python3 in PATH; " + how +
		" fills .venv only if that python3 lacks what the project and its tests import"
}

// othersWhy says why tox or nox, which the project has too, is not the way to test.
func (e *env) othersWhy() string {
	for _, name := range []string{"tox.ini", "noxfile.py"} {
		if e.exists(name) && e.tests.runner != "tox" && e.tests.runner != "nox" {
			return "; " + name + " is for many interpreters, and this is one"
		}
	}
	return ""
}

func kindsOf(parts []part) string {
	var all []string
	for _, p := range parts {
		all = append(all, p.dirs...)
		if p.marker != "" {
			all = append(all, "the marker "+p.marker)
		}
	}
	return strings.Join(all, " and ")
}

func (e *env) testStep(deps []string, args []string, others bool) plan.Step {
	s := plan.Step{
		Op: plan.OpExec, Argv: append(e.tests.argv(e.project), args...), Needs: deps, Inputs: e.all(), NoCache: others,
		Env: e.sourcePath(),
	}
	switch e.tests.runner {
	case "pytest":
		s.Reports = []plan.Report{{Format: "junit", Args: []string{"--junit-xml={report}"}}}
	case "unittest":
		s.Reports = []plan.Report{{Format: "unittest", Stdout: true, Args: []string{"-v"}}}
	case "django":
		s.Reports = []plan.Report{{Format: "unittest", Stdout: true, Args: []string{"-v", "2"}}}
	case "tox", "nox":
		s.NoCache = true // they make environments of their own
	}
	if e.tests.either {
		s.Op, s.Argv, s.Script = plan.OpShell, nil, e.tests.eitherScript(e.project)
		s.Reports = []plan.Report{{Format: "junit", Env: map[string]string{"PYTEST_ADDOPTS": "--junit-xml='{report}'"}}}
	}
	return s
}

// sourcePath makes the packages in src importable where the project is not installed.
func (e *env) sourcePath() map[string]string {
	root := e.packageRoot()
	if root == "." || slices.Contains(e.tests.config.pythonpath, root) {
		return nil
	}
	return map[string]string{"PYTHONPATH": root}
}
