package app

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/runner"
)

// testing returns the first step that does the same as a command, for the same tests: a call of a test runner for other
// folders runs others. Several calls may run them together.
func (d *done) testing(c pipelines.Call, same func(doneCall) bool) (found runner.Step, ok bool) {
	var calls []doneCall
	for _, s := range d.calls {
		if same(s) && d.reaches(s.Call, c) && d.builds(s.Call, c) && d.marks(s.Call, c) && d.discovers(s.Call, c) {
			calls = append(calls, s)
		}
	}
	runs := testRunner(c)
	if len(calls) > 0 && !d.spans(calls, c) {
		return runner.Step{}, false
	}
	if len(calls) == 0 || runs == "" {
		return first(calls)
	}
	var has []string
	for _, s := range calls {
		if runs == "pytest" && d.leavesOut(s.Call, d.testPaths(c)) {
			continue
		}
		if s.Folder() == c.Folder() && len(d.testPaths(c)) == 0 && runs == "pytest" {
			return s.step, true
		}
		paths := d.pathsOf(runs, s.Call)
		if len(paths) == 0 || d.tests(runs, paths, c) {
			return s.step, true
		}
		has = append(has, paths...)
	}
	if len(has) > 0 && d.tests(runs, has, c) {
		return first(calls)
	}
	return runner.Step{}, false
}

// first returns the step of the first of some calls.
func first(calls []doneCall) (found runner.Step, ok bool) {
	if len(calls) == 0 {
		return runner.Step{}, false
	}
	return calls[0].step, true
}

// runnersWithPaths are the test runners that take files and folders as arguments. Without any, those of recursive run all
// files below their folder that are named like tests.
var (
	runnersWithPaths = []string{"pytest", "node --test", "jest", "vitest", "mocha", "ava", "tap", "playwright"}
	recursive        = []string{"node --test", "jest", "vitest", "ava", "tap"}
)

// testRunner returns the test runner that a command calls, if it takes paths, or "".
func testRunner(c pipelines.Call) string {
	for _, one := range c.Does() {
		if name, _, _ := strings.Cut(one, " "); slices.Contains(runnersWithPaths, one) {
			return one
		} else if slices.Contains(runnersWithPaths, name) {
			return name
		}
	}
	return ""
}

// tests reports whether calls of a test runner for some paths run the tests that a command does.
func (d *done) tests(runs string, has []string, c pipelines.Call) bool {
	wanted := d.testPaths(c)
	switch {
	case len(wanted) > 0:
	case slices.Contains(recursive, runs):
		wanted = d.testFiles(c.Folder())
	case runs == "pytest" && c.Folder() != "..":
		wanted = firstList(d.testPathsSet(c.Folder()), []string{c.Folder()})
	}
	return !slices.ContainsFunc(wanted, func(one string) bool { return !d.has(has, one) })
}

// has reports whether some paths and patterns have all files of another one.
func (d *done) has(all []string, wanted string) bool {
	within := func(name string) bool {
		return slices.ContainsFunc(all, func(one string) bool {
			return name == one || one == "." || strings.HasPrefix(name, one+"/") || isGlob(one) && len(tree.Match([]string{one}, []string{name})) > 0
		})
	}
	if within(wanted) {
		return true
	}
	files := d.testFiles(tree.FixedPart(wanted))
	if isGlob(wanted) {
		files = tree.Match([]string{wanted}, files)
	}
	return len(files) > 0 && !slices.ContainsFunc(files, func(name string) bool { return !within(name) })
}

// firstList returns the first of two lists that is not empty.
func firstList(one, other []string) []string {
	if len(one) == 0 {
		return other
	}
	return one
}

func isGlob(name string) bool { return strings.ContainsAny(name, "*?[{") }

// maxTestFolders is how many folders are searched for tests.
const maxTestFolders = 500

// namedLikeTest matches the files that test runners of Node find by themselves.
var namedLikeTest = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(^|/)(test|tests|__tests__)/.*\.[cm]?[jt]sx?$|(^|[/.\-_])(test|spec)\.[cm]?[jt]sx?$|(^|/)test-[^/]*\.[cm]?[jt]sx?$`)
})

// testFiles returns the files in a folder, and below it, that test runners of Node find.
func (d *done) testFiles(dir string) (files []string) {
	folders := []string{path.Clean("./" + dir)}
	for i := 0; i < len(folders) && i < maxTestFolders; i++ {
		for _, name := range d.files.List(folders[i]) {
			full := path.Join(folders[i], name)
			switch folder := strings.HasSuffix(name, "/"); {
			case folder && name != "node_modules/" && !strings.HasPrefix(name, "."):
				folders = append(folders, full)
			case !folder && namedLikeTest().MatchString(full):
				files = append(files, full)
			}
		}
	}
	return files
}

// withValue are options of test runners whose values may be paths.
var withValue = strings.Fields("-k -m -n -p -c -o --ignore --rootdir --cov --cov-config --cov-report --confcutdir --deselect --basetemp --junitxml --config-file " +
	"--import -r --require --loader --test-reporter --test-reporter-destination --config --env-file --setupFiles --coverageDirectory")

// pathsOf returns the files and folders that a call of a test runner names or, without any, those that the configuration of
// pytest names, and those that Node finds.
func (d *done) pathsOf(runs string, c pipelines.Call) []string {
	has := d.testPaths(c)
	switch {
	case len(has) > 0:
		return has
	case runs == "pytest":
		return d.testPathsSet(c.Dir)
	case runs == "node --test":
		return d.testFiles(c.Folder())
	}
	return nil
}

// testPaths returns the files, folders and patterns that a call of a test runner names.
func (d *done) testPaths(c pipelines.Call) (paths []string) {
	for i, w := range c.Words {
		name, _, _ := strings.Cut(w, "::")
		full := path.Join(c.Dir, name)
		if i == 0 || strings.HasPrefix(w, "-") || slices.Contains(withValue, c.Words[i-1]) || slices.Contains(runnersWithPaths, name) {
			continue
		}
		if _, file := d.files.Read(full); file || len(d.files.List(full)) > 0 || isGlob(full) && tree.ValidGlob(full) {
			paths = append(paths, full)
		}
	}
	return paths
}

var testpathsLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^testpaths\s*=\s*(\[[^\]]*\]|[^\n]*(?:\n[ \t]+[^\n]*)*)`)
})

// testPathsSet returns the folders that the configuration of pytest names.
func (d *done) testPathsSet(dir string) (paths []string) {
	for _, one := range d.setInPytest(dir, testpathsLine()) {
		paths = append(paths, path.Join(dir, one))
	}
	return paths
}

// setInPytest returns the words of a setting in the first configuration of pytest in a folder that has it.
func (d *done) setInPytest(dir string, line *regexp.Regexp) []string {
	for _, file := range []string{"pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"} {
		text, _ := d.files.Read(path.Join(dir, file))
		if found := line.FindStringSubmatch(text); found != nil {
			return strings.FieldsFunc(found[1], func(r rune) bool { return strings.ContainsRune(" \t\n,[]\"'", r) })
		}
	}
	return nil
}
