package main

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// tests is how the project tests itself.
type tests struct {
	runner string // pytest, unittest, django, tox, nox; "" if there are no tests
	why    string // the evidence for it, or why there are none
	config pytestConfig
	files  []string // the test files, relative to the folder of the project
	// pytestOptional says that the tests are written with unittest, so that pytest is preferred but an interpreter without it serves.
	pytestOptional bool
}

// testFile tells whether a file is named as tests are.
func testFile(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(base, "test_") || strings.HasSuffix(base, "_test.py") || base == "tests.py" || base == "test.py" ||
		strings.HasPrefix(base, "test") && inTests(name)
}

// inTests tells whether a file is below a folder of tests.
func inTests(name string) bool {
	top, _, _ := strings.Cut(name, "/")
	dirs := strings.Split(path.Dir(name), "/")
	return (slices.Contains(dirs, "tests") || slices.Contains(dirs, "test")) && (!auxiliary(top) || strings.HasPrefix(top, "test"))
}

// findTests finds the runner, by what is there: first what only pytest reads, then what was declared, then the tests.
func findTests(pr *project) *tests {
	t := &tests{config: readPytestConfig(pr)}
	for _, name := range pr.py {
		if top, _, _ := strings.Cut(name, "/"); testFile(name) && (!auxiliary(top) || inTests(name)) {
			t.files = append(t.files, name)
		}
	}
	t.runner, t.why = t.choose(pr)
	if t.runner == "pytest" && conftest(pr) == "" && len(t.config.plugins()) == 0 && len(t.parts()) == 0 {
		runner, _ := t.byContent(pr)
		t.pytestOptional = runner == "unittest"
	}
	return t
}

// conftest is a file that only pytest reads, "" if there is none.
func conftest(pr *project) string {
	for _, name := range pr.py {
		if top, _, _ := strings.Cut(name, "/"); path.Base(name) == "conftest.py" && (!auxiliary(top) || inTests(name)) {
			return name
		}
	}
	return ""
}

func (t *tests) choose(pr *project) (runner, why string) {
	pytest, declared := pr.requires("pytest")
	switch {
	case t.config.file != "":
		return "pytest", "pytest, because " + t.config.file + " configures it"
	case conftest(pr) != "":
		return "pytest", "pytest, because of " + conftest(pr)
	case len(t.files) > 0 && declared:
		return "pytest", "pytest, because the project requires " + string(pytest)
	case len(t.files) > 0 && strings.Contains(pr.toxIni.text("commands"), "pytest"):
		return "pytest", "pytest, because tox.ini calls it"
	case pr.isDjango():
		return "django", "the test runner of Django, because of manage.py"
	case len(t.files) > 0:
		return t.byContent(pr)
	case pr.exists("tox.ini") && len(pr.toxIni.text("commands")) > 0:
		return "tox", "tox, because of tox.ini: no other way to test is to be seen"
	case strings.Contains(pr.Head(pr.at("noxfile.py"), 1<<14), "test"):
		return "nox", "nox, because of noxfile.py: no other way to test is to be seen"
	}
	return "", "there are no files named test_*.py"
}

// text is the value of a key in all sections.
func (f ini) text(key string) (out string) {
	for _, section := range slices.Sorted(maps.Keys(f)) {
		out += f[section][key] + "\n"
	}
	return out
}

func (pr *project) isDjango() bool {
	return strings.Contains(pr.Head(pr.at("manage.py"), 1<<12), "django")
}

// maxHeads is how many test files are looked into, and how much of each: enough to see what they import, and little enough
// that a change in a test does not make davit ask for the plan again.
const maxHeads, headBytes = 12, 2048

func (t *tests) byContent(pr *project) (runner, why string) {
	unittest := ""
	for _, name := range t.files[:min(maxHeads, len(t.files))] {
		head := "\n" + pr.Head(pr.at(name), headBytes)
		if strings.Contains(head, "\nimport pytest") || strings.Contains(head, "\nfrom pytest") || strings.Contains(head, "\ndef test") {
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

// argv is the command that runs all tests.
func (t *tests) argv(pr *project) []string {
	switch t.runner {
	case "pytest":
		return []string{"python3", "-m", "pytest"}
	case "django":
		return []string{"python3", "manage.py", "test"}
	case "unittest":
		return t.unittest(pr)
	}
	return []string{"python3", "-m", t.runner}
}

func (t *tests) unittest(pr *project) []string {
	return append([]string{"python3", "-m", "unittest", "discover"}, t.discovery(pr)...)
}

// pytestOptionalScript runs the tests with pytest, or without where there is none. Its report is pytest's alone.
func (t *tests) pytestOptionalScript(pr *project) string {
	return "# python3 -m pytest, or else unittest\nif python3 -c 'import pytest' 2>/dev/null; then\n  python3 -m pytest \"$@\"\nelse\n  " + sdk.Quote(t.unittest(pr)...) + " \"$@\"\nfi\n"
}

// discovery gives the options with which unittest finds the tests. It only looks into folders that can be imported: a
// folder of tests without __init__.py has to be where it starts, one with it is a package below the root.
func (t *tests) discovery(pr *project) (options []string) {
	dir := t.commonFolder()
	if dir != "." && !slices.Contains(pr.py, dir+"/__init__.py") {
		options = append(options, "-s", dir)
	} else if dir == "tests" || dir == "test" {
		options = append(options, "-s", dir, "-t", ".")
	}
	if pattern := t.pattern(); pattern != "" {
		options = append(options, "-p", pattern)
	}
	return options
}

// commonFolder is the outermost folder of all test files, if they have one in common.
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

// testFolder is the folder "tests" that a file is below, else the folder that it is in.
func testFolder(name string) string {
	parts := strings.Split(path.Dir(name), "/")
	for i, part := range parts {
		if part == "tests" || part == "test" {
			return strings.Join(parts[:i+1], "/")
		}
	}
	return path.Dir(name)
}

// pattern of the names, if test*.py, which is the default, finds none.
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

// scanned are the files and folders in which the probe looks for what tests import.
func (t *tests) scanned(pr *project) (out []string) {
	for _, name := range t.config.testpaths {
		if strings.ContainsAny(name, "*[") || !pr.exists(name) {
			continue
		}
		out = append(out, path.Clean(name))
	}
	if len(out) > 0 {
		return out
	}
	for _, name := range t.files {
		if dir := testFolder(name); dir == "." {
			out = append(out, name)
		} else if !slices.Contains(out, dir) {
			out = append(out, dir)
		}
	}
	return out
}
