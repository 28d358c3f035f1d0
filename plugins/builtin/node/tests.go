package node

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

var parts = []string{"test-unit", "test-integration", "test-functional"}

// planTests plans the script "test" as a whole, as the project defines it, and each part of the tests that
// has a script.
func (u *unit) planTests() {
	for _, target := range append([]string{"test"}, parts...) {
		for _, s := range u.chosen(target) {
			u.planTest(target, s)
		}
	}
	u.completeTest()
	u.used["test"] = true // the placeholder of "npm init" is not offered
	if !slices.ContainsFunc(append(parts, "test"), func(t string) bool { return u.Offers(t) || u.covered[t] || u.About[t].Why != "" }) {
		u.inferTests()
	}
	u.testsAbsent()
	u.omitUntested()
}

// planTest plans a script of a target that tests. Where it would watch files for ever it runs once.
func (u *unit) planTest(target string, s script) {
	if kept := u.withoutFormat(s); len(kept) > 0 {
		u.addTests(target, s, kept)
		return
	}
	plain, watching := s.separate(func(c command) bool { _, watches := c.once(); return watches })
	if len(plain.owners) > 0 {
		u.add(target, plain.name, u.testStep(plain, u.scriptStep(plain)))
		u.explain(target, plain, "")
	}
	for _, one := range watching {
		u.testOnce(target, one)
	}
}

// testOnce plans a script that would watch files for ever, without that.
func (u *unit) testOnce(target string, s script) {
	of := s.owners[0].file()
	step, text, ok := u.editedStep(s, command.once)
	u.used[s.name] = u.used[s.name] || !s.inMembers
	if !ok {
		why := fmt.Sprintf("script %q of %s watches files and never ends (%s)", s.name, of, s.text)
		u.absent(target, why)
		u.Omit(why, "a script that ends can be called "+names[target][0], target)
		return
	}
	why := fmt.Sprintf("script %q of %s would watch files and never end (%s), so %s runs %q", s.name, of, s.text,
		target, text)
	u.note("%s", why)
	u.add(target, s.stepName(u), u.testStep(s, step))
	u.explain(target, s, why)
}

// testsAbsent records why parts of the tests are not offered. If some parts are, "test" aggregates them.
func (u *unit) testsAbsent() {
	why := "no script tests, and there are no tests of a runner that is known"
	switch {
	case u.Offers("test"):
		why = "the scripts do not tell it apart from the other tests: test runs them all"
	case slices.ContainsFunc(parts, func(part string) bool { return u.Offers(part) }):
		why = u.root.file() + " has no script for it"
	case u.About["test"].Why == "":
		u.absent("test", why)
	}
	for _, part := range parts {
		if u.About[part].Why == "" {
			u.absent(part, why)
		}
	}
}

// testStep completes a step that runs a test script: it runs once, and has the report of its runner.
func (u *unit) testStep(s script, step plan.Step) plan.Step {
	step.PassEnv = []string{"NODE_ENV"}
	u.runOnce(s, &step)
	if s.any(needsMoreThanFiles) {
		step.NoCache = true
	}
	if !s.inMembers {
		step.Reports = s.reports(u.root)
	}
	step.TestRunner = testRunner(s.commands)
	step.Selects = s.any(command.passesWithoutTests) && !slices.ContainsFunc(s.owners, func(m *manifest) bool { return u.testFileOf(m) != "" })
	u.addCoverage(s, &step)
	if dir := u.testsBuilt(s); dir != "" {
		step.Needs = append(step.Needs, u.id("build"))
		u.note("script %q runs what is in %s, so it needs the build", s.name, dir)
	}
	return step
}

// runOnce sets the variable that keeps test runners from watching files on a terminal.
func (u *unit) runOnce(s script, step *plan.Step) {
	if s.any(watches) {
		step.Env = map[string]string{"CI": "true"}
		u.note("script %q would watch files on a terminal; CI=true makes it run once", s.name)
	}
}

// measures matches the calls of programs that leave a report about coverage, and elsewhere those options of
// theirs that say where.
var (
	measures  = pattern(`\bnyc\b.*--reporter|\bc8\b|--coverage\b`)
	elsewhere = pattern(`--(reports?-dir|coverageDirectory|coverage\.reportsDirectory)`)
)

// addCoverage adds to a step of tests the folder for reports about coverage, which tools agree on. A result is
// not kept if they are elsewhere.
func (u *unit) addCoverage(s script, step *plan.Step) {
	switch {
	case !measures().MatchString(s.whole):
	case s.inMembers || elsewhere().MatchString(s.whole):
		step.NoCache = true
	default:
		step.Outputs = append(step.Outputs, u.path("coverage/"))
	}
}

// watches reports whether a command watches files when it runs on a terminal, and CI=true stops it from doing
// so.
func watches(c command) bool {
	_, forever := c.once()
	return !forever && (c[0] == "vitest" && !slices.Contains(c, "run") && !slices.Contains(c, "--run") &&
		!c.flag("--watch") ||
		slices.Contains([]string{"react-scripts", "craco", "react-app-rewired"}, c[0]) && slices.Contains(c, "test"))
}

// needsMoreThanFiles reports whether a command needs a browser, a service or containers.
func needsMoreThanFiles(c command) bool {
	return slices.Contains([]string{"playwright", "cypress", "docker", "docker-compose", "wdio",
		"start-server-and-test", "testcafe", "nightwatch"}, c[0])
}

// passesWithoutTests reports whether a test runner is told that no test is no fault.
func (c command) passesWithoutTests() bool {
	return slices.ContainsFunc([]string{"--passWithNoTests", "--pass-with-no-tests"},
		func(flag string) bool { return slices.Contains(c, flag) })
}

// testsBuilt returns the output of the build that a test runner runs, or "" if there is none or the script
// builds it itself.
func (u *unit) testsBuilt(s script) string {
	outputs := u.Steps[u.id("build")].Outputs
	if len(outputs) == 0 || s.inMembers || slices.Contains(s.calls, u.build) {
		return ""
	}
	for _, c := range s.commands {
		if dir, _ := u.writes(c); dir != "" {
			return ""
		}
	}
	for _, c := range s.commands {
		if dir := u.outputOf(outputs, c); dir != "" {
			return dir
		}
	}
	return ""
}

// outputOf returns the first of the outputs that contains an argument of a test runner.
func (u *unit) outputOf(outputs []string, c command) string {
	if c[0] != "node" && c[0] != "nodemon" && !slices.Contains(runners, c[0]) {
		return ""
	}
	for _, word := range c[1:] {
		for _, dir := range outputs {
			if !strings.HasPrefix(word, "-") && strings.HasPrefix(join(u.root.Dir, word)+"/", dir) {
				return dir
			}
		}
	}
	return ""
}

// aggregateTests makes "test" of the parts, because another package of the project has only "test".
func (u *unit) aggregateTests() {
	if u.Offers("test") {
		return
	}
	for _, part := range parts {
		u.Targets["test"] = append(u.Targets["test"], u.Targets[part]...)
	}
	if !u.Offers("test") {
		delete(u.Targets, "test")
	}
}

// inferred are the test runners that need no script, and the packages that contain them.
var inferred = []struct {
	dependency string
	words      []string
}{
	{"vitest", []string{"vitest", "run"}},
	{"jest", []string{"jest"}},
	{"mocha", []string{"mocha"}},
	{"ava", []string{"ava"}},
	{"tap", []string{"tap"}},
}

// testFile matches the names that runners take for tests.
var testFile = pattern(
	`(^|[/.\-_])(test|spec)\.[cm]?[jt]sx?$|(^|/)(__tests__|test|tests)/[^/]+\.[cm]?[jt]sx?$`)

// inferTests plans the test runner among the dependencies, or that of Node, if there are tests and no script.
func (u *unit) inferTests() {
	var found []string
	for _, name := range u.project.Find(4, func(name string) bool { return testFile().MatchString(name) }) {
		if u.mine(name) {
			found = append(found, u.relPath(name))
		}
	}
	if len(found) == 0 {
		return
	}
	for _, r := range inferred {
		if u.root.has(r.dependency) {
			u.inferTest(found[0], r.words)
			return
		}
	}
	for _, name := range found {
		text, _ := u.project.Read(u.path(name))
		if ext := path.Ext(name); strings.HasSuffix(ext, "js") && strings.Contains(text, "node:test") &&
			u.manager.Name != "bun" {
			u.inferTest(name, []string{"node", "--test"})
			return
		}
	}
}

func (u *unit) inferTest(name string, words []string) {
	step := u.program(words...)
	if words[0] == "node" {
		step = u.inUnit(plan.Step{Op: plan.OpExec, Tool: "node", Argv: words})
	}
	step.PassEnv = []string{"NODE_ENV"}
	step.Reports = script{text: strings.Join(words, " "), commands: []command{words}}.reports(u.root)
	step.TestRunner = testRunner([]command{words})
	u.add("test-unit", "test-unit", step)
	line := strings.Join(words, " ")
	u.note("test-unit runs %q, because of %s", line, u.path(name))
	u.About["test-unit"] = plan.About{Why: fmt.Sprintf("inferred: %s", line), Source: u.path(name)}
}
