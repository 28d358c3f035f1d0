package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// excluded are the folders, besides examples and benchmarks, whose packages show, document or test the
// project and are not the project.
var excluded = []string{
	"docs", "doc", "documentation", "website", "demo", "demos", "sample", "samples", "playground",
	"playgrounds", "sandbox", "bench", "fixture", "fixtures", "test", "tests", "spec", "e2e", "__tests__",
	"template", "templates", "integration", "scripts", "hack",
}

// packages returns the folders of the packages to plan. A package.json in the root covers all, since its
// scripts call those below. If there is none, or it is only for tools, the uppermost ones below count.
func packages(p *sdk.Project) (dirs, notes []string, err error) {
	if p.Exists("package.json") {
		root, err := readManifest(p, ".")
		if err != nil || !root.toolsOnly(p) {
			return []string{"."}, nil, err
		}
		dirs = []string{"."}
	}
	nestedDirs, skipped := nested(p)
	if len(dirs) > 0 && len(nestedDirs) > 0 {
		notes = append(notes,
			fmt.Sprintf(
				"package.json in the root has no script that builds, runs or tests, so the packages below count too: %s",
				strings.Join(nestedDirs, ", ")))
	}
	if len(dirs)+len(nestedDirs) > 0 && len(skipped) > 0 {
		notes = append(notes, fmt.Sprintf("left aside, for what their folders are called: %s",
			strings.Join(skipped, ", ")))
	}
	return append(dirs, nestedDirs...), notes, nil
}

// nested returns the folders of packages one or two levels below the root, and those that it skips by their
// names.
func nested(p *sdk.Project) (dirs, skipped []string) {
	for _, name := range p.Find(2, func(name string) bool { return path.Base(name) == "package.json" }) {
		dir := path.Dir(name)
		switch {
		case dir == "." || slices.ContainsFunc(dirs,
			func(parent string) bool { return sdk.Inside(dir, parent) }):
		case sdk.Auxiliary(strings.ToLower(dir), excluded...):
			skipped = append(skipped, dir)
		default:
			dirs = append(dirs, dir)
		}
	}
	return dirs, skipped
}

// toolsOnly reports whether a package.json in the root is only for tools, such as commit hooks: it has no
// workspaces and no scripts that build, test or run.
func (m *manifest) toolsOnly(p *sdk.Project) bool {
	if len(m.Workspaces) > 0 || p.Exists("pnpm-workspace.yaml") || len(m.Entries) > 0 {
		return false
	}
	for _, target := range []string{"build", "test", "test-unit", "test-integration", "test-functional",
		"run"} {
		if slices.ContainsFunc(names[target],
			func(name string) bool { return m.Scripts[name] != "" && !placeholder(m.Scripts[name]) }) {
			return false
		}
	}
	return m.Scripts["dev"] == ""
}

// join joins a path to a folder, in which "." is the root. It keeps a "/" at the end.
func join(dir, name string) string {
	joined := path.Join(dir, name)
	if strings.HasSuffix(name, "/") {
		joined += "/"
	}
	return joined
}
