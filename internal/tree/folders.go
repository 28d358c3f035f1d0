package tree

import (
	"path"
	"slices"
	"strings"
)

// A class says what a folder that is no part of the project is for.
type class byte

const (
	ordinary    class = iota
	toolState         // a repository's own data, or the state of a tool or an editor: no result depends on it
	environment       // installed dependencies: results depend on what is installed
	products          // what a build leaves: results may depend on any file in it
)

// folderClasses are the folders that are not part of the project, whatever .gitignore says.
var folderClasses = map[string]class{
	".git": toolState, ".hg": toolState, ".svn": toolState, ".jj": toolState, "__pycache__": toolState,
	".pytest_cache": toolState, ".mypy_cache": toolState, ".ruff_cache": toolState, ".tox": toolState,
	".nox": toolState, ".eggs": toolState, ".gradle": toolState, ".turbo": toolState, ".cache": toolState,
	".parcel-cache": toolState, ".nyc_output": toolState, "htmlcov": toolState, ".hypothesis": toolState,
	".idea": toolState, ".direnv": toolState, ".terraform": toolState, "target": toolState,
	"node_modules": environment, "bower_components": environment, ".venv": environment, "venv": environment,
	".yarn": environment, ".pnpm-store": environment,
	".next": products, ".nuxt": products, ".svelte-kit": products,
}

// ignoredClasses are folders with a class only where git ignores them.
var ignoredClasses = map[string]class{
	".vscode": toolState, ".vs": toolState, ".fleet": toolState, ".ipynb_checkpoints": toolState,
	".dart_tool": toolState, ".stack-work": toolState, "dist-newstyle": toolState, ".zig-cache": toolState,
	".bundle": environment, "Pods": environment,
}

// besides are folders whose names mean something else without one of these files beside them.
var besides = map[string][]string{
	"target": {"Cargo.toml", "pom.xml", "build.sbt", "project.clj"},
	"vendor": {"composer.json", "Gemfile"},
}

// classOf returns the class of a folder; ignored says that git ignores it.
func (t *Tree) classOf(dir string, ignored bool) class {
	name := path.Base(dir)
	if files, ok := besides[name]; ok && !slices.ContainsFunc(files, func(file string) bool {
		return t.hasFile(path.Join(path.Dir(dir), file))
	}) {
		return ordinary
	}
	switch {
	case folderClasses[name] != ordinary:
		return folderClasses[name]
	case !ignored:
		return ordinary
	case name == "vendor", t.hasFile(path.Join(dir, "pyvenv.cfg")):
		return environment
	}
	return ignoredClasses[name]
}

func (t *Tree) hasFile(name string) bool {
	info, err := t.root.Lstat(name)
	return err == nil && info.Mode().IsRegular()
}

// toolFile reports whether a file is one in which a tool, an editor or the system keeps its state.
func toolFile(name string) bool {
	base := path.Base(name)
	switch base {
	case ".coverage", ".eslintcache", ".stylelintcache", ".DS_Store", "Thumbs.db", "desktop.ini":
		return true
	}
	return strings.HasSuffix(base, "~") || strings.HasSuffix(base, ".swp") || strings.HasSuffix(base, ".pyc") ||
		strings.HasPrefix(base, ".#") || strings.HasPrefix(base, ".coverage.") ||
		strings.HasPrefix(base, "#") && strings.HasSuffix(base, "#")
}
