package main

import (
	"maps"
	"slices"
	"strings"
)

// installHooks are the scripts of a project that run when its dependencies are installed.
var installHooks = []string{"preinstall", "install", "postinstall", "prepare"}

// gitHooks are programs that set up hooks of git and look at nothing else of the project.
var gitHooks = []string{"husky", "simple-git-hooks", "lefthook", "is-ci", "only-allow", "true", "echo", "exit"}

func (c command) setsHooks() bool { return slices.Contains(gitHooks, c[0]) }

// installReadsFiles tells whether an install looks at more of the package than its manifest: it has a script that runs then, something to
// compile, or a dependency that is a folder.
func (m *manifest) installReadsFiles() bool {
	if m.Native {
		return true
	}
	for _, hook := range installHooks {
		s := m.script(hook)
		if s.any(func(c command) bool { return !c.setsHooks() && c[0] != "patch-package" }) {
			return true
		}
	}
	return slices.ContainsFunc(sections, func(section string) bool {
		return slices.ContainsFunc(slices.Collect(maps.Values(m.Sections[section])), isFolder)
	})
}

// isFolder tells whether a dependency is given by its place and not by a version.
func isFolder(version string) bool {
	for _, scheme := range []string{"file:", "link:", "portal:", "./", "../"} {
		if strings.HasPrefix(version, scheme) {
			return true
		}
	}
	return false
}

// developmentHooks are the install scripts that an install without development dependencies must not run: what they call is not
// there then.
func (m *manifest) developmentHooks() (hooks []string) {
	for _, hook := range installHooks {
		if s := m.script(hook); hook == "prepare" && s.text != "" || s.all(command.setsHooks) {
			hooks = append(hooks, hook)
		}
	}
	return hooks
}
