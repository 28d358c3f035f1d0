package node

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// omitUntested names the packages with tests that the scripts of a target do not run: members that the script of the root
// does not reach, and packages with files of tests whose script runs nothing, or that have no script at all.
func (u *unit) omitUntested() {
	for _, target := range append([]string{"test"}, parts...) {
		found := u.chosen(target)
		if len(found) == 0 || !u.Offers(target) {
			continue
		}
		u.omitMembers(target, found[:1])
		if target == "test" {
			u.omitSilent(found)
			u.omitUnscripted(found)
		}
	}
}

// omitSilent names the packages with files of tests whose script does nothing.
func (u *unit) omitSilent(found []script) {
	for _, s := range found {
		for _, m := range s.owners {
			if m.script(s.name).all(command.doesNothing) && u.testFileOf(m) != "" {
				u.Omit(fmt.Sprintf("%s (script %q of %s runs nothing: %s)", u.testFileOf(m), s.name, m.file(), m.Scripts[s.name]),
					"", "test")
			}
		}
	}
}

// omitUnscripted names the members with files of tests that no script runs.
func (u *unit) omitUnscripted(found []script) {
	var dirs []string
	for _, m := range u.members {
		if m.tests() || m.Scripts["test"] != "" && !placeholder(m.Scripts["test"]) || u.testFileOf(m) == "" {
			continue
		}
		if w := u.wants(m, "", true); found[0].inMembers || w.doneBy(found) == missed {
			dirs = append(dirs, m.Dir)
		}
	}
	if len(dirs) > 0 {
		u.Omit(fmt.Sprintf("the tests of %s (no script runs them)", few(dirs)), "", "test")
	}
}

// doesNothing reports whether a command of a test script tests nothing.
func (c command) doesNothing() bool {
	return slices.Contains([]string{"true", ":", "exit", "echo", "printf"}, c[0])
}

// foldersOfTests are where files of tests are looked for.
var foldersOfTests = []string{"", "test", "tests", "__tests__", "spec", "src", "src/__tests__", "lib"}

// testFileOf returns a file of tests of a package, or "".
func (u *unit) testFileOf(m *manifest) string {
	for _, folder := range foldersOfTests {
		dir := path.Join(m.Dir, folder)
		for _, name := range u.project.List(dir) {
			if full := path.Join(dir, name); !strings.HasSuffix(name, "/") && testFile().MatchString(path.Join(folder, name)) {
				return full
			}
		}
	}
	return ""
}
