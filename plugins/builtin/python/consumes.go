package python

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/toml"
	"github.com/davit-dev/davit/plugins/sdk/tox"
)

// consumed returns the folders with data of the package that another part of the repository makes, such as the build
// of a front end: the manifests name them, and a clean clone does not have them.
func (pr *project) consumed() (dirs []string) {
	for _, name := range pr.packageData() {
		if glob := strings.IndexAny(name, "*?["); glob >= 0 {
			name = path.Dir(name[:glob] + "x")
		} else if strings.Contains(path.Base(name), ".") {
			name = path.Dir(name)
		}
		name = path.Clean(name)
		if name == "." || strings.HasPrefix(name, "..") || path.IsAbs(name) || pr.isPackageFolder(name) ||
			pr.exists(name) && !pr.ignored(name) {
			continue
		}
		dirs = union(dirs, []string{name + "/"})
	}
	return dirs
}

// isPackageFolder reports whether a folder has modules, or is that of the packages.
func (pr *project) isPackageFolder(name string) bool {
	return name == pr.packageRoot() || slices.ContainsFunc(pr.py, func(file string) bool { return path.Dir(file) == name })
}

// packageData returns the names and patterns of data in the package, relative to the folder of the project.
func (pr *project) packageData() (names []string) {
	add := func(pkg string, patterns []string) {
		dir := path.Join(pr.packageRoot(), strings.ReplaceAll(pkg, ".", "/"))
		if pkg == "" || pkg == "*" {
			dir = path.Join(pr.packageRoot(), pr.ownPackage())
		}
		for _, pattern := range patterns {
			names = append(names, path.Join(dir, pattern))
		}
	}
	data := toml.Table(pr.pyproject, "tool", "setuptools", "package-data")
	for _, pkg := range slices.Sorted(maps.Keys(data)) {
		add(pkg, stringsOf(data[pkg]))
	}
	for _, pkg := range slices.Sorted(maps.Keys(pr.setupCfg["options.package_data"])) {
		add(pkg, tox.Words(strings.Join(pr.setupCfg.Lines("options.package_data", pkg), " ")))
	}
	var inSetup map[string][]string
	if !strings.Contains(pr.setupPy.text, "cmdclass") { // its own commands may make what is missing
		inSetup = pr.setupPy.dict("package_data")
	}
	for _, pkg := range slices.Sorted(maps.Keys(inSetup)) {
		add(pkg, inSetup[pkg])
	}
	return slices.Concat(names, pr.builtData(), manifestIn(pr.Head(pr.at("MANIFEST.in"), 1<<12)))
}

// builtData returns what hatch and poetry take into a package besides what git tracks.
func (pr *project) builtData() (names []string) {
	tool := toml.Table(pr.pyproject, "tool")
	for _, keys := range [][]string{{"build"}, {"build", "targets", "wheel"}, {"build", "targets", "sdist"}} {
		table := toml.Table(tool, append([]string{"hatch"}, keys...)...)
		for _, name := range toml.Strings(table, "artifacts") {
			names = append(names, strings.TrimPrefix(name, "/"))
		}
		names = append(names, slices.Sorted(maps.Keys(toml.Table(table, "force-include")))...)
	}
	for _, item := range toml.List(tool, "poetry", "include") {
		if table, ok := item.(map[string]any); ok {
			names = append(names, toml.String(table, "path"))
		} else {
			names = append(names, stringsOf(item)...)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "!") || name == "" })
}

// manifestIn returns the folders that a MANIFEST.in takes whole.
func manifestIn(text string) (names []string) {
	for _, line := range strings.Split(text, "\n") {
		if fields := strings.Fields(line); len(fields) > 1 && (fields[0] == "graft" || fields[0] == "recursive-include") {
			names = append(names, fields[1]+"/*")
		}
	}
	return names
}

// ignored reports whether a .gitignore above a file or folder of the project names it, or a folder above it.
func (pr *project) ignored(name string) bool {
	for full := pr.at(name); full != "."; full = path.Dir(full) {
		for dir := path.Dir(full); ; dir = path.Dir(dir) {
			text, _ := pr.Read(path.Join(dir, ".gitignore"))
			for line := range strings.Lines(text) {
				if ignores(strings.TrimSpace(line), strings.TrimPrefix(full, dir+"/")) {
					return true
				}
			}
			if dir == "." {
				break
			}
		}
	}
	return false
}

// ignores reports whether a pattern of a .gitignore matches a path below its folder. A pattern without a slash in it
// matches the name in any folder.
func ignores(pattern, name string) bool {
	pattern = strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(pattern, "**/"), "/*"), "/")
	if !strings.Contains(pattern, "/") {
		name = path.Base(name)
	}
	ok, err := path.Match(strings.TrimPrefix(pattern, "/"), name)
	return ok && err == nil && pattern != ""
}
