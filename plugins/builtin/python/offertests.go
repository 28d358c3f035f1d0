package python

import (
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// offerTests adds the tests. "test" runs all of them even if the layout has several kinds, as the project's automation
// does, since a coverage threshold, for example, holds only for all of them together. The kinds are offered in
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
	for _, argv := range t.calls(e.project) {
		b.addTarget("test", t.why+e.whyNotTox(), b.addStep(b.newID("test"), e.testStep(deps, argv, len(parts) > 0)))
	}
	e.nameOtherTests(b)
	if len(parts) == 0 {
		return
	}
	if t.hasUnitTests(parts) {
		b.addTarget("test-unit", "the tests outside "+describeParts(parts),
			b.addStep("test-unit", e.partStep(deps, excludeArgs(parts), false)))
	}
	for _, p := range parts {
		b.addTarget(p.target, "the tests in "+describeParts([]part{p}),
			b.addStep(p.target, e.partStep(deps, p.selectArgs(), true)))
	}
}

// partStep returns the step that runs the part of the tests that the arguments select.
func (e *env) partStep(deps, args []string, others bool) plan.Step {
	s := e.testStep(deps, e.tests.selected(e.project, args), others)
	s.Selects = slices.Contains(args, "-m")
	return s
}

// selected returns the command that runs a part of the tests, with the options of the automation.
func (t *tests) selected(pr *project, args []string) []string {
	if t.call != nil {
		args = append(optionsOf(t.call.args[0]), args...)
	}
	return t.argv(pr, args)
}

// nameOtherTests says which checks run with the tests in the automation of the project, and not here.
func (e *env) nameOtherTests(b *builder) {
	if e.tests.call == nil {
		return
	}
	for _, other := range e.tests.call.others {
		if e.tests.call.task != nil {
			other += " (" + e.tests.call.source + ")"
		}
		b.Omit(b.prefix+other, e.tests.call.hint, "test")
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
	if t := e.tests; t.call != nil && len(slices.Concat(t.call.args...)) > 0 {
		return ", with the arguments of " + t.call.source
	}
	for _, name := range []string{"tox.ini", "noxfile.py"} {
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

// testStep returns the step that runs a command of tests. The others are the kinds that have targets of their own.
func (e *env) testStep(deps []string, argv []string, others bool) plan.Step {
	s := plan.Step{
		Op: plan.OpExec, Argv: argv, Needs: deps, Inputs: e.all(), NoCache: others, Env: e.testVariables(),
		Consumes: e.consumed(),
	}
	switch e.tests.runner {
	case "pytest":
		s.Settings, s.TestRunner = sdk.Settings("pytest"), plan.RunnerPytest
		s.Reports = []plan.Report{{Format: "junit", Args: []string{"--junit-xml={report}"}}}
	case "unittest":
		s = failingWithoutTests(s)
		s.Reports = []plan.Report{{Format: "unittest", Stdout: true, Args: []string{"-v"}}}
	case "django":
		s = failingWithoutTests(s)
		s.Reports = []plan.Report{{Format: "unittest", Stdout: true, Args: []string{"-v", "2"}}}
	case "tox", "nox":
		s.NoCache = true // they create their own environments
	}
	return s
}

// testVariables returns the variables of the tests: those of the task that runs them, and those with which Python finds
// the packages.
func (e *env) testVariables() map[string]string {
	variables := maps.Clone(e.sourcePath())
	if e.tests.call == nil || e.tests.call.task == nil {
		return variables
	}
	for name, value := range e.tests.call.task.env {
		if !ownVariable(name) && variables[name] == "" {
			if variables == nil {
				variables = map[string]string{}
			}
			variables[name] = value
		}
	}
	return variables
}

// ownVariable reports whether a variable is that of a tool that runs the tests or installs for them.
func ownVariable(name string) bool {
	return slices.ContainsFunc([]string{"COVERAGE", "COV_", "PIP_", "TOX_", "VIRTUALENV_", "UV_", "PATH", "HOME", "TMP",
		"DAVIT_"}, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
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
