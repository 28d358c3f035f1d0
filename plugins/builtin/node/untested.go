package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// omitUntested names the packages with tests that the scripts of a target do not run, as far as that is certain: members
// that the script of the root does not reach, and packages with files of tests whose script runs nothing, or that have
// no script at all.
func (u *unit) omitUntested() {
	for _, target := range append([]string{"test"}, parts...) {
		found := u.chosen(target)
		if len(found) == 0 || !u.Offers(target) {
			continue
		}
		u.omitMembers(target, found[0])
		if target == "test" {
			u.omitSilent(found)
			u.omitUnscripted(found)
		}
	}
}

// omitMembers names the members with a script of their own for a target that the one of the root does not reach.
func (u *unit) omitMembers(target string, s script) {
	u.omitTests(target, fmt.Sprintf("script %q of %s does not run them", s.name, u.root.file()), func(m *manifest) bool {
		return !s.inMembers && (m.promises(target) || target == "test" && m.tests()) && !u.reaches(s, m)
	})
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
	u.omitTests("test", "no script runs them", func(m *manifest) bool {
		if m.tests() || m.script("test").text != "" && !placeholder(m.script("test").text) || u.testFileOf(m) == "" {
			return false
		}
		return found[0].inMembers || !u.reaches(found[0], m)
	})
}

// omitTests names the members whose tests are left out.
func (u *unit) omitTests(target, why string, leftOut func(*manifest) bool) {
	var dirs []string
	for _, m := range u.members {
		if leftOut(m) {
			dirs = append(dirs, m.Dir)
		}
	}
	if len(dirs) > 0 {
		u.Omit(fmt.Sprintf("the tests of %s (%s)", few(dirs), why), "", target)
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

// reaches reports whether the script of the root may run tests of a member. What is not known may run anything.
func (u *unit) reaches(s script, m *manifest) bool {
	near := func(dir string) bool { return sdk.Inside(dir, m.Dir) || sdk.Inside(m.Dir, dir) }
	for _, dir := range s.dirs {
		if near(path.Join(u.root.Dir, dir)) {
			return true
		}
	}
	return s.any(func(c command) bool {
		if c.doesNothing() || slices.Contains(testless, c[0]) {
			return false
		}
		if names := c.workspaces(); len(names) > 0 {
			return slices.ContainsFunc(names, func(name string) bool { return u.means(name, m) })
		}
		if c.inAllMembers() {
			return slices.ContainsFunc(c, func(word string) bool { return m.Scripts[word] != "" })
		}
		paths := u.pathsOf(c)
		return len(paths) == 0 || slices.ContainsFunc(paths, near)
	})
}

// testless are programs that run no tests.
var testless = strings.Fields("tsc vue-tsc eslint prettier biome oxlint stylelint rm rimraf mkdir cp cd tsd publint attw")

// inAllMembers reports whether a command runs a script of all members that have one of that name.
func (c command) inAllMembers() bool {
	flags := []string{"--workspaces", "-ws", "-r", "--recursive"}
	return slices.Contains([]string{"turbo", "lerna"}, c[0]) || slices.Contains([]string{"npm", "pnpm", "bun"}, c[0]) &&
		slices.ContainsFunc(c, func(word string) bool { return slices.Contains(flags, word) })
}

// workspaces returns the members that a call of a package manager is limited to: "npm test -w a".
func (c command) workspaces() (names []string) {
	if !slices.Contains([]string{"npm", "pnpm", "yarn", "bun"}, c[0]) {
		return nil
	}
	for i, word := range c {
		flag, value, joined := strings.Cut(word, "=")
		switch {
		case !slices.Contains([]string{"-w", "--workspace", "--filter", "-F", "workspace"}, flag):
		case joined:
			names = append(names, value)
		case i+1 < len(c) && !strings.HasPrefix(c[i+1], "-"):
			names = append(names, c[i+1])
		}
	}
	return names
}

// means reports whether the name or the folder of a workspace, or a pattern, may mean a member.
func (u *unit) means(name string, m *manifest) bool {
	return name == m.Name || join(u.root.Dir, strings.TrimPrefix(name, "./")) == m.Dir || strings.ContainsAny(name, "*.{[!^")
}

// pathsOf returns the folders and files, relative to the project, that a test runner is limited to.
func (u *unit) pathsOf(c command) (paths []string) {
	if c[0] != "node" && !slices.Contains(runners, c[0]) || c[0] == "node" && !slices.Contains(c, "--test") {
		return nil
	}
	for _, word := range c[1:] {
		if strings.HasPrefix(word, "-") {
			continue
		}
		if from := beforeGlob(word); from == "." || u.project.Exists(u.path(from)) {
			paths = append(paths, path.Join(u.root.Dir, from))
		}
	}
	return paths
}
