package node

import (
	"path"
	"slices"
	"strings"
)

// A role is what the packages in a folder are to the project, judged by the names of the folders.
type role int

const (
	part    role = iota // of the project itself
	support             // documents, tests or maintains the project: nobody who asks for its build means it
	example             // shows how the project is used
	fixture             // is data of tests or of a generator, and no part of anything
)

var (
	// fixtureFolders have packages that tests read, or that a generator copies.
	fixtureFolders = []string{"fixture", "fixtures", "__fixtures__", "__mocks__", "__tests__", "__snapshots__", "mocks",
		"testdata", "test-data", "test-fixtures", "test-projects", "test-apps", "stubs", "snapshots", "template", "templates",
		"boilerplate", "boilerplates", "scaffold", "scaffolds", "scaffolding", "skeleton", "skeletons", "blueprints",
		"starter", "starters", "cases"}
	exampleFolders = []string{"example", "examples", "demo", "demos", "sample", "samples", "playground", "playgrounds",
		"sandbox", "sandboxes", "tutorial", "tutorials", "bench", "benches", "benchmark", "benchmarks", "repro", "repros"}
	supportFolders = []string{"docs", "doc", "documentation", "website", "e2e", "integration", "scripts", "script", "hack",
		"test", "tests", "spec", "specs"}
	// testFolders have tests. A package below one is a fixture, unless it has the tests.
	testFolders = []string{"test", "tests", "spec", "specs"}
	testKinds   = []string{"e2e", "integration", "functional", "acceptance", "smoke", "unit", "system", "ui", "browser"}
)

// roleOf returns the role of the package in a folder.
func roleOf(dir string) role {
	found := part
	names := strings.Split(strings.ToLower(dir), "/")
	for i, name := range names {
		switch {
		case slices.Contains(fixtureFolders, name) || strings.HasPrefix(name, "template-") || strings.HasSuffix(name, "-template"):
			return fixture
		case slices.Contains(exampleFolders, name):
			found = max(found, example)
		case slices.Contains(supportFolders, name):
			found = max(found, support)
		}
		if slices.Contains(testFolders, name) && i < len(names)-1 && !slices.Contains(testKinds, names[len(names)-1]) {
			return fixture
		}
	}
	return found
}

// nearest returns the innermost unit whose folder contains another one, or nil.
func nearest(units []*unit, dir string) (found *unit) {
	for _, u := range units {
		if u.root.Dir != dir && (u.root.Dir == "." || strings.HasPrefix(dir, u.root.Dir+"/")) &&
			(found == nil || len(u.root.Dir) >= len(found.root.Dir)) {
			found = u
		}
	}
	return found
}

// above reports whether a unit contains the folder of another one.
func (u *unit) above(other *unit) bool { return nearest([]*unit{u}, other.root.Dir) != nil }

// parents returns the folders above a path, the root first.
func parents(name string) (dirs []string) {
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		dirs = append(dirs, dir)
		if dir == "." || dir == "/" {
			slices.Reverse(dirs)
			return dirs
		}
	}
}
