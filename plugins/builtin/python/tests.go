package python

import (
	"path"
	"slices"
	"strings"
)

// A tests is how the project is tested.
type tests struct {
	runner string // pytest, unittest, django, script, tox, nox; "" if there are no tests
	why    string // the evidence for it, or why there are none
	config pytestConfig
	files  []string // the test files, relative to the folder of the project
	// call is how the automation of the project runs them, nil if it does not, or with another runner.
	call *testCall
}

// testFile reports whether a file has the name of a test file.
func testFile(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(base, "test_") || strings.HasSuffix(base, "_test.py") || base == "tests.py" ||
		base == "test.py" ||
		strings.HasPrefix(base, "test") && inTests(name)
}

// inTests reports whether a file is in a folder of tests.
func inTests(name string) bool {
	top, _, _ := strings.Cut(name, "/")
	dirs := strings.Split(path.Dir(name), "/")
	return (slices.Contains(dirs, "tests") || slices.Contains(dirs, "test")) &&
		(!auxiliary(top) || strings.HasPrefix(top, "test"))
}

// findTests determines the test runner: by files that only pytest reads, then by the requirements, then by
// the tests.
func findTests(pr *project) *tests {
	t := &tests{config: readPytestConfig(pr)}
	for _, name := range pr.py {
		if top, _, _ := strings.Cut(name, "/"); testFile(name) && (!auxiliary(top) || inTests(name)) {
			t.files = append(t.files, name)
		}
	}
	if len(t.files) == 0 {
		t.files = pr.deepTests()
	}
	call := pr.testCall()
	t.runner, t.why = t.choose(pr, call)
	if call != nil && call.runner == t.runner {
		t.call = call
		t.config.addopts = append(t.config.addopts, slices.Concat(call.args...)...)
	}
	return t
}

// deepTests returns the test files that are deeper than others are looked for.
func (pr *project) deepTests() (out []string) {
	if len(pr.py) == 0 {
		return nil
	}
	for _, name := range pr.Find(7, func(name string) bool { return strings.HasSuffix(name, ".py") && testFile(name) }) {
		if rest, below := strings.CutPrefix(name, pr.dir+"/"); pr.dir == "." || below {
			if pr.dir == "." {
				rest = name
			}
			out = append(out, rest)
		}
	}
	return out
}

// hasTests reports whether there is something to test: test files, files with names that the configuration of pytest
// chooses, or examples in documentation that its options ask for.
func (t *tests) hasTests(call *testCall) bool {
	options := slices.Clone(t.config.addopts)
	if call != nil {
		options = slices.Concat(options, slices.Concat(call.args...))
	}
	return len(t.files) > 0 || t.config.keys["python_files"] || slices.ContainsFunc(options, func(word string) bool {
		return strings.HasPrefix(word, "--doctest") || strings.HasPrefix(word, "--xdoctest") ||
			strings.HasSuffix(word, ".py")
	})
}

// conftest returns a conftest.py, which only pytest reads, or "".
func conftest(pr *project) string {
	for _, name := range pr.py {
		if top, _, _ := strings.Cut(name, "/"); path.Base(name) == "conftest.py" &&
			(!auxiliary(top) || inTests(name)) {
			return name
		}
	}
	return ""
}

// choose returns the runner and the evidence for it.
func (t *tests) choose(pr *project, call *testCall) (runner, why string) {
	pytest, declared := pr.requires("pytest")
	called := call != nil && call.runner != "pytest"
	switch {
	case called && call.runner == "script":
		return "script", call.args[0][0] + ", because " + call.source + " calls it"
	case !t.hasTests(call):
		return t.byOthers(pr)
	case t.config.file != "" && !called:
		return "pytest", "pytest, because " + t.config.file + " configures it"
	case conftest(pr) != "" && !called:
		return "pytest", "pytest, because of " + conftest(pr)
	case call != nil:
		return call.runner, call.name() + ", because " + call.source + " calls it"
	case declared:
		return "pytest", "pytest, because the project requires " + string(pytest)
	case pr.isDjango():
		return "django", "the test runner of Django, because of manage.py"
	}
	return t.byContent(pr)
}

// byOthers returns tox or nox, which may run tests that are no files of the usual names.
func (t *tests) byOthers(pr *project) (runner, why string) {
	switch {
	case slices.ContainsFunc(pr.taskCommands(), isOtherTest):
		return "tox", "tox, because of tox.ini: no other way to test is to be seen"
	case strings.Contains(pr.Head(pr.at("noxfile.py"), 1<<14), "test"):
		return "nox", "nox, because of noxfile.py: no other way to test is to be seen"
	}
	return "", "there are no files named test_*.py"
}

// isOtherTest reports whether a command of tox runs tests with a runner that is not known.
func isOtherTest(c command) bool {
	linter := slices.ContainsFunc(linters(), func(l linter) bool { return c.calls(l.entry...) })
	return !linter && c.task != nil && c.task.runner == "tox" &&
		slices.ContainsFunc(c.words, func(word string) bool { return strings.Contains(word, "test") })
}

// name returns the name of the runner in a sentence.
func (t *testCall) name() string {
	if t.runner == "django" {
		return "the test runner of Django"
	}
	return t.runner
}

// reach reports whether pytest finds the tests in a folder below: it is given no paths, or some above it.
func (t *tests) reach(dir string) bool {
	if t.runner != "pytest" {
		return false
	}
	paths := t.config.testpaths
	if t.call != nil {
		for _, args := range t.call.args {
			paths = append(pathsOf(args), paths...)
		}
	}
	return len(paths) == 0 || slices.ContainsFunc(paths, func(name string) bool {
		name = path.Clean(name)
		return name == "." || name == dir || strings.HasPrefix(dir, name+"/") || strings.HasPrefix(name, dir+"/")
	})
}

func (pr *project) isDjango() bool {
	return strings.Contains(pr.Head(pr.at("manage.py"), 1<<12), "django")
}

// maxHeads is how many test files are read, and headBytes how much of each: enough for their imports, and not
// so much that every change in a test makes davit ask for the plan again.
const maxHeads, headBytes = 12, 2048

func (t *tests) byContent(pr *project) (runner, why string) {
	unittest := ""
	for _, name := range t.files[:min(maxHeads, len(t.files))] {
		head := "\n" + pr.Head(pr.at(name), headBytes)
		if strings.Contains(head, "\nimport pytest") || strings.Contains(head, "\nfrom pytest") ||
			strings.Contains(head, "\ndef test") {
			return "pytest", "pytest, because " + name + " is written for it"
		}
		if unittest == "" && (strings.Contains(head, "unittest") || strings.Contains(head, "TestCase")) {
			unittest = name
		}
	}
	if unittest != "" {
		return "unittest", "unittest, because " + unittest + " is written for it and nothing asks for pytest"
	}
	return "pytest", "pytest, because the tests do not use unittest"
}

// calls returns the commands that run all tests: those of the project's automation, or one that finds them.
func (t *tests) calls(pr *project) (out [][]string) {
	if t.call == nil {
		for _, start := range t.startFolders(pr) {
			out = append(out, t.argv(pr, append([]string{"discover", "-s", start}, t.patternOptions()...)))
		}
		if len(out) == 0 {
			out = append(out, t.argv(pr, nil))
		}
		return out
	}
	for _, args := range t.call.args {
		out = append(out, t.argv(pr, args))
	}
	return out
}

// argv returns the command that runs the tests with arguments.
func (t *tests) argv(pr *project, args []string) []string {
	switch t.runner {
	case "pytest":
		return append([]string{"python3", "-m", "pytest"}, args...)
	case "django":
		return append([]string{"python3", "manage.py", "test"}, args...)
	case "script":
		return append([]string{"python3"}, args...)
	case "unittest":
		if len(args) == 0 {
			args = append([]string{"discover"}, t.discovery(pr)...)
		}
		return append([]string{"python3", "-m", "unittest"}, args...)
	}
	return []string{"python3", "-m", t.runner}
}

// discovery returns the options with which unittest finds the tests. It searches only folders that can be
// imported: a tests folder without __init__.py has to be the start folder; one with it is a package below the
// root.
func (t *tests) discovery(pr *project) (options []string) {
	dir := t.commonFolder()
	if dir != "." && !slices.Contains(pr.py, dir+"/__init__.py") {
		options = append(options, "-s", dir)
	} else if dir == "tests" || dir == "test" {
		options = append(options, "-s", dir, "-t", ".")
	}
	return append(options, t.patternOptions()...)
}

// patternOptions returns the option of unittest for the names of the test files, unless they are the usual ones.
func (t *tests) patternOptions() []string {
	if pattern := t.pattern(); pattern != "" {
		return []string{"-p", pattern}
	}
	return nil
}

// startFolders returns the folders from which unittest has to be started, one after the other, to find all test files: it
// enters none without an __init__.py. It returns nil where one call with the options of discovery does.
func (t *tests) startFolders(pr *project) (starts []string) {
	if t.runner != "unittest" {
		return nil
	}
	for _, name := range t.files {
		dir := path.Dir(name)
		for dir != "." && slices.Contains(pr.py, dir+"/__init__.py") {
			dir = path.Dir(dir)
		}
		starts = union(starts, []string{dir})
	}
	slices.Sort(starts)
	if common := t.commonFolder(); len(starts) == 1 && (starts[0] == "." || starts[0] == common) {
		return nil
	}
	return starts
}

// commonFolder returns the outermost folder with all test files, or "." if they have none in common.
func (t *tests) commonFolder() string {
	common := ""
	for _, name := range t.files {
		dir := testFolder(name)
		if common != "" && dir != common {
			return "."
		}
		common = dir
	}
	return common
}

// testFolder returns the folder "tests" above a file, else the folder of the file.
func testFolder(name string) string {
	parts := strings.Split(path.Dir(name), "/")
	for i, part := range parts {
		if part == "tests" || part == "test" {
			return strings.Join(parts[:i+1], "/")
		}
	}
	return path.Dir(name)
}

// pattern returns the pattern of the test files' names, if the default test*.py matches none.
func (t *tests) pattern() string {
	suffix := false
	for _, name := range t.files {
		if strings.HasPrefix(path.Base(name), "test") {
			return ""
		}
		suffix = suffix || strings.HasSuffix(name, "_test.py")
	}
	if suffix {
		return "*_test.py"
	}
	return ""
}
