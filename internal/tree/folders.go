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
	case strings.HasPrefix(name, ".venv") && strings.HasSuffix(name, "-old"):
		return toolState // an earlier environment, kept while a new one is made
	case !ignored:
		return ordinary
	case name == "vendor", t.hasFile(path.Join(dir, "pyvenv.cfg")):
		return environment
	}
	return ignoredClasses[name]
}

// placed returns the first folder among a path and those above it that is not listed file by file, and its
// class; "" and ordinary if there is none. IsIgnored says whether git ignores a folder.
func (t *Tree) placed(name string, isIgnored func(dir string) bool) (dir string, c class) {
	for i := range len(name) + 1 {
		if i < len(name) && name[i] != '/' {
			continue
		}
		if c = t.classOf(name[:i], isIgnored(name[:i])); c == toolState || c == environment {
			return name[:i], c
		}
	}
	return "", ordinary
}

// HoldsState reports whether a path leads to what Unlisted leaves out, whether or not it exists: the data of a
// repository, or the state of a tool or an editor. IsIgnored says whether git ignores a path.
func (t *Tree) HoldsState(name string, isIgnored func(name string) bool) bool {
	_, c := t.placed(name, isIgnored)
	return c == toolState || c == ordinary && toolFile(name)
}

// EnvironmentOf returns the folder of installed dependencies that a path is or is in, whether or not it
// exists. IsIgnored says whether git ignores a path.
func (t *Tree) EnvironmentOf(name string, isIgnored func(name string) bool) (dir string, ok bool) {
	dir, c := t.placed(name, isIgnored)
	return dir, c == environment
}

// StateNames returns the names of files and folders in which tools and editors keep their state, sorted. Some
// hold for a name only where git ignores it, or beside another file.
func StateNames() (names []string) {
	for _, classes := range []map[string]class{folderClasses, ignoredClasses} {
		for name, c := range classes {
			if c == toolState {
				names = append(names, name)
			}
		}
	}
	names = append(names, toolFiles...)
	slices.Sort(names)
	return names
}

func (t *Tree) hasFile(name string) bool {
	info, err := t.root.Lstat(name)
	return err == nil && info.Mode().IsRegular()
}

// toolFiles are globs of the names of files in which a tool, an editor or the system keeps its state.
var toolFiles = []string{
	".coverage", ".coverage.*", ".eslintcache", ".stylelintcache", "*.pyc", "*~", "*.swp", ".#*", "#*#",
	".DS_Store", "Thumbs.db", "desktop.ini",
}

// toolFile reports whether a file is one in which a tool, an editor or the system keeps its state.
func toolFile(name string) bool {
	base := path.Base(name)
	return slices.ContainsFunc(toolFiles, func(glob string) bool {
		before, after, wild := strings.Cut(glob, "*")
		return base == glob || wild && len(base) >= len(glob)-1 && strings.HasPrefix(base, before) &&
			strings.HasSuffix(base, after)
	})
}
