package python

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// metadataFiles returns the files besides the manifests that the metadata of the package is read from.
func (pr *project) metadataFiles() (files []string) {
	for _, name := range slices.Concat(pr.namedFiles(), pr.versionModules()) {
		name = path.Clean(name)
		if !strings.HasPrefix(name, "../") && !path.IsAbs(name) && pr.exists(name) {
			files = union(files, []string{name})
		}
	}
	return files
}

// namedFiles returns the files that the manifests name by their paths.
func (pr *project) namedFiles() (files []string) {
	tool := toml.Table(pr.pyproject, "tool")
	for _, keys := range [][]string{{"setuptools", "dynamic"}, {"hatch", "version"}, {"hatch", "metadata"},
		{"pdm", "version"}} {
		files = append(files, filesIn(toml.Table(tool, keys...))...)
	}
	for _, table := range []map[string]any{toml.Table(pr.pyproject, "project"), toml.Table(tool, "poetry")} {
		for _, key := range []string{"readme", "license"} {
			files = append(files, filesIn(map[string]any{key: table[key]})...)
		}
	}
	for _, value := range pr.metadataValues() {
		if list, ok := strings.CutPrefix(value, "file:"); ok {
			files = append(files, strings.FieldsFunc(list, separates)...)
		}
	}
	return files
}

// filesIn returns the values of a table under the keys that name files.
func filesIn(table map[string]any) (files []string) {
	for key, value := range table {
		if slices.Contains([]string{"file", "files", "path", "readme"}, key) {
			files = append(files, stringsOf(value)...)
		}
		if inner, ok := value.(map[string]any); ok {
			files = append(files, filesIn(inner)...)
		}
	}
	slices.Sort(files)
	return files
}

// stringsOf returns a string or the strings of a list.
func stringsOf(value any) (out []string) {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		for _, item := range value {
			out = append(out, stringsOf(item)...)
		}
	}
	return out
}

// metadataValues returns the values of setup.cfg that may be "file: NAME" or "attr: NAME".
func (pr *project) metadataValues() (values []string) {
	for _, key := range []string{"version", "long_description"} {
		values = append(values, strings.TrimSpace(pr.setupCfg["metadata"][key]))
	}
	return append(values, strings.TrimSpace(pr.setupCfg["options"]["install_requires"]))
}

// versionModules returns the modules that the version may be read from: that of an attribute, of a function, or of the
// package itself.
func (pr *project) versionModules() (files []string) {
	tool := toml.Table(pr.pyproject, "tool")
	names := []string{toml.String(tool, "setuptools", "dynamic", "version", "attr")}
	for _, value := range pr.metadataValues() {
		if name, ok := strings.CutPrefix(value, "attr:"); ok {
			names = append(names, strings.TrimSpace(name))
		}
	}
	if getter, function, ok := strings.Cut(toml.String(tool, "pdm", "version", "getter"), ":"); ok {
		names = append(names, getter+"."+function)
	}
	if strings.HasPrefix(pr.backend, "flit") {
		names = append(names, module(pr.name)+".")
	}
	for _, name := range names {
		files = append(files, pr.moduleFiles(name)...)
	}
	return files
}

// moduleFiles returns the files that may have an attribute: those of its module, and of the packages that are loaded
// before.
func (pr *project) moduleFiles(attribute string) (files []string) {
	parts := strings.Split(attribute, ".")
	for _, root := range pr.roots(parts[0]) {
		for n := 1; n < len(parts); n++ {
			name := path.Join(root, path.Join(parts[1:n]...))
			files = append(files, name+".py", name+"/__init__.py")
		}
	}
	return files
}

// roots returns the paths that a package or module of the project may have, without ".py".
func (pr *project) roots(name string) []string {
	dirs := toml.Table(pr.pyproject, "tool", "setuptools", "package-dir")
	out := []string{name, path.Join(pr.packageRoot(), name), path.Join("src", name)}
	if dir := toml.String(dirs, name); dir != "" {
		out = append(out, dir)
	}
	return append(out, path.Join(toml.String(dirs, ""), name))
}

// dynamicPackages returns the names of the packages whose metadata is not all in pyproject.toml or that an install compiles or
// generates, and of those of a folder that are copied into the environment. uv does not build one that is installed again if only another file has changed.
func (e *env) dynamicPackages() (names []string) {
	if e.isPackage && (len(toml.Strings(e.pyproject, "project", "dynamic")) > 0 || e.compiles() || e.setupWrites()) {
		names = append(names, e.name)
	}
	sources := toml.Table(e.pyproject, "tool", "uv", "sources")
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		if folder := toml.String(sources, name, "path"); folder != "" && path.Ext(folder) == "" && !toml.Bool(sources, name, "editable") {
			names = append(names, name)
		}
	}
	for _, m := range e.joined {
		names = append(names, m.dynamicPackages()...)
	}
	return names
}
