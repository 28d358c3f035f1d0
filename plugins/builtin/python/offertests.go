package main

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// offerTests adds the tests. "test" runs all of them with one command even if the layout has several kinds,
// since a coverage threshold, for example, holds only for all of them together. The kinds are offered in
// addition.
func (e *env) offerTests(b *builder) {
	t := e.tests
	if t.runner == "" {
		b.absent("test", t.why)
		return
	}
	b.decide("%s", t.why)
	deps := e.deps(b)
	b.decide("%s", e.environment())
	parts := t.parts()
	b.addTarget("test", t.why+e.whyNotTox(), b.addStep("test", e.testStep(deps, nil, len(parts) > 0)))
	if len(parts) == 0 {
		return
	}
	if t.hasUnitTests(parts) {
		b.addTarget("test-unit", "the tests outside "+describeParts(parts),
			b.addStep("test-unit", e.testStep(deps, excludeArgs(parts), false)))
	}
	for _, p := range parts {
		b.addTarget(p.target, "the tests in "+describeParts([]part{p}),
			b.addStep(p.target, e.testStep(deps, p.selectArgs(), true)))
	}
}

// environment describes the environment of the tests.
func (e *env) environment() string {
	if e.manager != venv {
		return "the environment is .venv, and " + string(e.manager) + " decides what is in it"
	}
	name := e.environmentName()
	return "the environment is " + name + " where there is one, else the python3 in PATH; pip fills " + name +
		" only if that python3 lacks what the project and its tests require"
}

// whyNotTox returns the reason why tox or nox, if the project has one of them, does not run the tests.
func (e *env) whyNotTox() string {
	for _, name := range []string{"tox.ini", "noxfile.py"} {
		if name == "tox.ini" && e.tests.runner == "pytest" && e.toxArgs() != nil {
			return ", with the arguments of the one environment of tox.ini"
		}
		if e.exists(name) && e.tests.runner != "tox" && e.tests.runner != "nox" {
			return "; " + name + " is for many interpreters, and this is one"
		}
	}
	return ""
}

func describeParts(parts []part) string {
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
	selects := slices.Contains(args, "-m")
	if args == nil && e.tests.runner == "pytest" {
		args = e.toxArgs()
	}
	s := plan.Step{
		Op: plan.OpExec, Argv: append(e.tests.argv(e.project), args...), Needs: deps, Inputs: e.all(),
		NoCache: others,
		Env:     e.sourcePath(),
	}
	switch e.tests.runner {
	case "pytest":
		s.Settings, s.TestRunner = sdk.Settings("pytest"), plan.RunnerPytest
		s.Selects = selects
		s.Reports = []plan.Report{{Format: "junit", Args: []string{"--junit-xml={report}"}}}
	case "unittest":
		s.Reports = []plan.Report{{Format: "unittest", Stdout: true, Args: []string{"-v"}}}
	case "django":
		s.Reports = []plan.Report{{Format: "unittest", Stdout: true, Args: []string{"-v", "2"}}}
	case "tox", "nox":
		s.NoCache = true // they create their own environments
	}
	return s
}

// sourcePath returns the variables with which Python finds the packages in src if the project is not
// installed.
func (e *env) sourcePath() map[string]string {
	root := e.packageRoot()
	if root == "." || slices.Contains(e.tests.config.pythonpath, root) {
		return nil
	}
	return map[string]string{"PYTHONPATH": root}
}
