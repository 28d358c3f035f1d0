package node

import (
	"path"
	"slices"
	"strings"
)

// installHooks are the scripts of a project that run when its dependencies are installed.
var installHooks = []string{
	"preinstall", "install", "postinstall", "prepublish", "prepare", "dependencies", "pnpm:devPreinstall",
}

// gitHooks are programs that set up Git hooks and read nothing else of the project.
var gitHooks = []string{"husky", "simple-git-hooks", "lefthook", "is-ci", "only-allow", "true", "echo",
	"exit"}

func (c command) setsHooks() bool { return slices.Contains(gitHooks, c[0]) && !c.redirects() }

// redirects reports whether the output of a command goes to a file.
func (c command) redirects() bool {
	text := strings.Join(c, " ")
	for {
		_, after, found := strings.Cut(text, ">")
		if text = strings.TrimLeft(after, "> "); !found || text == "" { // "2>&1" is split at the "&"
			return false
		}
		if !strings.HasPrefix(text, "&") && !strings.HasPrefix(text, "/dev/") {
			return true
		}
	}
}

// generators are programs that install scripts call to make files of their own. To call them once more does no harm.
// Others may change packages in node_modules, as patch-package does.
var generators = []string{
	"prisma", "tsc", "tsup", "tsdown", "unbuild", "rollup", "vite", "webpack", "esbuild", "swc", "babel", "ncc",
	"nuxt", "nuxi", "svelte-kit", "astro", "wxt", "panda", "graphql-codegen", "playwright", "electron-builder",
	"rm", "rimraf", "del-cli", "mkdir", "mkdirp", "cp", "cpy", "shx", "bunchee", "microbundle", "tshy", "turbo",
}

// hooks returns the scripts that an install runs, without those that only set up Git hooks, and without those that
// others of them run: "install" runs "preinstall" and "postinstall".
func (m *manifest) hooks() (hooks []string) {
	for _, hook := range installHooks {
		runs := strings.HasSuffix(hook, "install") && hook != "install" && m.Scripts["install"] != ""
		if s := m.script(hook); !runs && s.any(func(c command) bool { return !c.setsHooks() }) {
			hooks = append(hooks, hook)
		}
	}
	return hooks
}

// changesPackages reports whether an install script may change what is in node_modules, so that it ends otherwise
// if it runs once more.
func (m *manifest) changesPackages() bool {
	return slices.ContainsFunc(m.hooks(), func(hook string) bool {
		s := m.script(hook)
		return s.any(func(c command) bool { return !c.setsHooks() && !c.generates() })
	})
}

func (c command) generates() bool {
	return slices.Contains(generators, c[0]) &&
		!slices.ContainsFunc(c, func(word string) bool { return strings.Contains(word, "node_modules") })
}

// installReadsFiles reports whether an install reads more of the package than its manifest: it runs a script,
// compiles something, or a dependency is a folder, or an archive outside of the project.
func (m *manifest) installReadsFiles() bool {
	if m.Native {
		return true
	}
	for _, hook := range m.hooks() {
		s := m.script(hook)
		if s.any(func(c command) bool { return !c.setsHooks() && c[0] != "patch-package" }) {
			return true
		}
	}
	return slices.ContainsFunc(m.versions(), func(version string) bool {
		return isFolder(version) && m.archive(version) == ""
	})
}

// folderSchemes are the beginnings of dependencies that are folders or archives, before their path.
var folderSchemes = []string{"file:", "link:", "portal:"}

// isFolder reports whether a dependency is a path and not a version.
func isFolder(version string) bool {
	return slices.ContainsFunc(append([]string{"./", "../", "/", "~/"}, folderSchemes...),
		func(start string) bool { return strings.HasPrefix(version, start) })
}

// archives are how the names of the archives end that managers install.
var archives = []string{".tgz", ".tar.gz", ".tar"}

// isArchive reports whether a dependency is an archive on this machine.
func isArchive(version string) bool {
	return !strings.Contains(withoutScheme(version), ":") &&
		slices.ContainsFunc(archives, func(end string) bool { return strings.HasSuffix(version, end) })
}

// withoutScheme returns the path of a dependency that is one.
func withoutScheme(version string) string {
	for _, scheme := range folderSchemes {
		version = strings.TrimPrefix(version, scheme)
	}
	return version
}

// archive returns the path of the archive in the project that a dependency names, or "".
func (m *manifest) archive(version string) string {
	file := withoutScheme(version)
	if !isArchive(version) || path.IsAbs(file) || strings.HasPrefix(file, "~") {
		return ""
	}
	if file = path.Join(m.Dir, file); strings.HasPrefix(file, "../") {
		return ""
	}
	return file
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
