package python

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// A testCall is how the automation of the project runs its tests: by the one environment of tox, the session of nox
// or the script that is for them, else by a pipeline.
type testCall struct {
	runner string     // pytest, unittest, django, or script
	args   [][]string // its arguments, for each call
	source string     // of the calls: "tox.ini"
	task   *task      // nil for a pipeline
	needs  needs      // what is installed for it
	others []string   // the other checks that run with it, which davit does not; those of a pipeline with their file
	hint   string     // the command that runs all of it
}

// testCall returns the call of the tests, nil if there is none.
func (pr *project) testCall() *testCall {
	for _, t := range pr.testTasks() {
		if call := pr.callIn(pr.commandsOf(t.script, t.dir, t.file, t)); call != nil {
			call.task, call.source, call.needs = t, t.source(), pr.needsOf(t)
			call.hint = t.command()
			return call
		}
	}
	return pr.pipelineTest()
}

// testTasks returns the tasks that are named after tests, in the order in which they count.
func (pr *project) testTasks() (out []*task) {
	if t := pr.tox().testEnvironment(func(t *task) bool {
		return pr.callIn(pr.commandsOf(t.script, t.dir, t.file, t)) != nil
	}); t != nil {
		out = append(out, t)
	}
	for _, names := range [][]string{{"tests", "test", "pytest", "unit", "unittest"},
		{"default:test", "default:tests", "test:test", "test:run", "default:pytest", "default:cov", "test:cov"}} {
		for _, name := range names {
			for _, t := range pr.allTasks() {
				if t.name == name && t.runner != "tox" && t.runner != "make" {
					out = append(out, t)
				}
			}
		}
	}
	return out
}

// callIn returns the call of tests among commands, nil if there is none. Calls of another runner than the first are
// other checks.
func (pr *project) callIn(commands []command) *testCall {
	call := &testCall{}
	for _, c := range commands {
		runner, args := pr.testCommand(c)
		args = knownArguments(args)
		switch {
		case runner != "" && (call.runner == "" || call.runner == runner):
			call.runner = runner
			if !slices.ContainsFunc(call.args, func(old []string) bool { return slices.Equal(old, args) }) {
				call.args = append(call.args, args)
			}
		case runner != "" || c.isOtherCheck():
			call.others = union(call.others, []string{strings.Join(c.words, " ")})
		}
	}
	if call.runner == "" {
		return nil
	}
	return call
}

// testCommand returns the runner of tests that a command calls, with its arguments; "" if it is none.
func (pr *project) testCommand(c command) (runner string, args []string) {
	if c.dir != pr.dir {
		return "", nil
	}
	switch {
	case c.calls("pytest"), c.calls("py.test"):
		return "pytest", c.words[1:]
	case c.calls("unittest"):
		return "unittest", c.words[1:]
	case c.calls("python", "manage.py", "test"):
		return "django", c.words[3:]
	case len(c.words) > 1 && c.words[0] == "python" && strings.HasSuffix(c.words[1], ".py") &&
		strings.Contains(path.Base(c.words[1]), "test") && pr.exists(path.Clean(c.words[1])):
		return "script", c.words[1:]
	}
	return "", nil
}

// isOtherCheck reports whether a command that runs with the tests is a check that style does not run.
func (c command) isOtherCheck() bool {
	switch {
	case c.calls("coverage", "report"):
		return slices.ContainsFunc(c.words, func(w string) bool { return strings.HasPrefix(w, "--fail-under") })
	case c.calls("doctest"), c.calls("sphinx-build"):
		return true
	}
	return slices.Contains([]string{"twine", "check-manifest", "nosetests", "trial", "behave", "stestr", "robot",
		"nbmake", "towncrier"}, c.words[0])
}

// command returns what a person types to run the task.
func (t *task) command() string {
	switch t.runner {
	case "tox":
		if t.name == "testenv" {
			return "tox"
		}
		return "tox -e " + t.name
	case "nox":
		return "nox -s " + t.name
	case "sh":
		return t.name
	case "make", "poe", "task":
		return t.runner + " " + t.name
	}
	return t.runner + " run " + t.name
}

// pipelineTest returns the call of tests in the pipelines: the one that selects the least. Those of the others that it does
// not cover are left out.
func (pr *project) pipelineTest() *testCall {
	tests := pr.pipelineTests()
	if len(tests) == 0 {
		return nil
	}
	from := pr.widest(tests)
	found := &testCall{runner: from.runner, args: [][]string{from.args}, source: from.source(), needs: pr.needsOfJob(from.job)}
	for _, t := range tests {
		if narrow(t.args) > 0 && !slices.Equal(t.args, from.args) && !pr.covers(from, t) {
			found.others = union(found.others, []string{t.runner + " " + sdk.Quote(t.args...) + " (" + t.source() + ")"})
		}
	}
	for _, c := range pr.pipelineCommands() {
		if c.job == from.job && c.dir == pr.dir && c.isOtherCheck() {
			found.others = union(found.others, []string{strings.Join(c.words, " ") + " (" + c.source() + ")"})
		}
	}
	return found
}

// widest returns the first of the calls that select the least, or one that covers it.
func (pr *project) widest(tests []pipelineTest) pipelineTest {
	from := slices.MinFunc(tests, func(a, b pipelineTest) int { return narrow(a.args) - narrow(b.args) })
	for _, t := range tests {
		if pr.covers(t, from) && !pr.covers(from, t) {
			from = t
		}
	}
	return from
}

// A pipelineTest is a command of a pipeline that runs tests.
type pipelineTest struct {
	command
	runner string
	args   []string // those that are known
}

// pipelineTests returns the commands of the pipelines that run tests with the runner of the first one.
func (pr *project) pipelineTests() (out []pipelineTest) {
	for _, c := range pr.pipelineCommands() {
		runner, args := pr.testCommand(c)
		if runner != "" && (len(out) == 0 || runner == out[0].runner) {
			out = append(out, pipelineTest{c, runner, knownArguments(args)})
		}
	}
	return out
}

// covers reports whether a call of pytest runs all tests of another one, which only names folders: "pytest" those of
// "coverage run -m pytest tests/".
func (pr *project) covers(all, some pipelineTest) bool {
	options := func(t pipelineTest) []string { return slices.DeleteFunc(optionsOf(t.args), isForOutput) }
	if some.runner != "pytest" || narrow(all.args) > 1 || narrow(some.args) > 1 || !slices.Equal(options(all), options(some)) {
		return false
	}
	paths := pathsOf(all.args)
	if len(paths) == 0 {
		paths = readPytestConfig(pr).testpaths
	}
	return len(paths) == 0 || !slices.ContainsFunc(pathsOf(some.args), func(name string) bool {
		return !slices.ContainsFunc(paths, func(above string) bool { return sdk.Inside(path.Clean(name), path.Clean(above)) })
	})
}

// isForOutput reports whether an option of pytest changes what it prints or measures, or how fast it ends, and not what it
// runs.
func isForOutput(option string) bool {
	return slices.ContainsFunc([]string{"-v", "-q", "-x", "-s", "-l", "-r", "--cov", "--no-cov", "--tb", "--durations", "--verbose", "--quiet", "--exitfirst",
		"--showlocals"}, func(one string) bool { return strings.HasPrefix(option, one) })
}

// narrow returns how much arguments of pytest select: 0 if they select nothing, 1 for paths, 2 for names or markers.
func narrow(args []string) int {
	switch {
	case slices.ContainsFunc(args, func(w string) bool {
		return strings.HasPrefix(w, "-k") || strings.HasPrefix(w, "-m") || strings.Contains(w, "::") ||
			strings.HasPrefix(w, "--benchmark") || strings.HasPrefix(w, "--collect")
	}):
		return 2
	case len(pathsOf(args)) > 0:
		return 1
	}
	return 0
}

// outputOptions are options of pytest that only write files, or choose where: a check writes none.
var outputOptions = []string{"--basetemp", "--junitxml", "--junit-xml", "--html", "--cov-report", "--report-log",
	"--md-report-output", "--durations-path", "--json-report-file", "--log-file", "--junit-prefix", "--color", "--capture", "-s"}

// pytestValues are options of pytest and its plugins that have a value as a word of its own.
var pytestValues = []string{"-k", "-m", "-p", "-c", "-o", "-n", "-W", "-r", "--rootdir", "--confcutdir", "--ignore",
	"--ignore-glob", "--deselect", "--tb", "--maxfail", "--durations", "--import-mode", "--dist", "--numprocesses",
	"--timeout", "--cov-config", "--doctest-glob", "--log-level", "--reruns", "--ds", "--override-ini", "--pythonwarnings",
	"--verbosity", "--asyncio-mode", "--config-file", "--hypothesis-profile", "--retries"}

// knownArguments returns the arguments without those that only the tool that runs the tests knows, and without options
// for output.
func knownArguments(args []string) []string {
	out := []string{}
	for i := 0; i < len(args); i++ {
		name, _, joined := strings.Cut(args[i], "=")
		separate := !joined && i+1 < len(args) && !strings.HasPrefix(args[i+1], "-")
		switch {
		case slices.Contains(outputOptions, name):
			if separate && name != "-s" {
				i++
			}
		case separate && slices.Contains(pytestValues, name):
			if isKnown(args[i+1]) {
				out = append(out, args[i], args[i+1])
			}
			i++
		case isKnown(args[i]) && args[i] != ">" && args[i] != "--":
			out = append(out, args[i])
		}
	}
	return out
}

// optionsOf returns the arguments of pytest without paths.
func optionsOf(args []string) (out []string) {
	for i := 0; i < len(args); i++ {
		if !strings.HasPrefix(args[i], "-") {
			continue
		}
		if out = append(out, args[i]); slices.Contains(pytestValues, args[i]) && i+1 < len(args) {
			i++
			out = append(out, args[i])
		}
	}
	return out
}

// pathsOf returns the arguments of pytest that are paths.
func pathsOf(args []string) (out []string) {
	options := optionsOf(args)
	for _, word := range args {
		if i := slices.Index(options, word); i >= 0 {
			options = slices.Delete(options, i, i+1)
		} else {
			out = append(out, word)
		}
	}
	return out
}
