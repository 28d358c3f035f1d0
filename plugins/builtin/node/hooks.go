package main

import (
	"slices"
	"strings"
)

// installHooks are the scripts of a project that run when its dependencies are installed.
var installHooks = []string{"preinstall", "install", "postinstall", "prepare"}

// gitHooks are programs that set up Git hooks and read nothing else of the project.
var gitHooks = []string{"husky", "simple-git-hooks", "lefthook", "is-ci", "only-allow", "true", "echo",
	"exit"}

func (c command) setsHooks() bool { return slices.Contains(gitHooks, c[0]) }

// installReadsFiles reports whether an install reads more of the package than its manifest: it runs a script,
// compiles something, or a dependency is a folder.
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
	return slices.ContainsFunc(m.versions(), isFolder)
}

// folderSchemes are the beginnings of dependencies that are folders or archives, before their path.
var folderSchemes = []string{"file:", "link:", "portal:"}

// isFolder reports whether a dependency is a path and not a version.
func isFolder(version string) bool {
	return slices.ContainsFunc(append([]string{"./", "../", "/", "~/"}, folderSchemes...),
		func(start string) bool { return strings.HasPrefix(version, start) })
}

// developmentHooks returns the install scripts that a production install must not run, because the programs
// that they call are development dependencies.
func (m *manifest) developmentHooks() (hooks []string) {
	for _, hook := range installHooks {
		if s := m.script(hook); hook == "prepare" && s.text != "" || s.all(command.setsHooks) {
			hooks = append(hooks, hook)
		}
	}
	return hooks
}
