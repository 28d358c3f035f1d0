package python

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A tree is the project with each folder listed at most once. It answers from the listings, because the plan
// would depend on every name that is looked for and does not exist.
type tree struct {
	*sdk.Project
	listed map[string][]string
	py     []string // the Python files, as deep as depth
	// packages are the folders with a file that may be the manifest of a package, as deep.
	packages []string
}

// packageManifests are the files that may be the manifest of a package below a project.
var packageManifests = []string{"pyproject.toml", "setup.py", "Pipfile", "requirements.txt"}

// depth is how many folders down files of Python are looked for.
const depth = 5

func newTree(p *sdk.Project) *tree {
	t := &tree{Project: p, listed: map[string][]string{}}
	for _, name := range p.Find(depth, func(name string) bool {
		return strings.HasSuffix(name, ".py") || slices.Contains(packageManifests, path.Base(name))
	}) {
		if slices.Contains(packageManifests, path.Base(name)) {
			t.packages = union(t.packages, []string{path.Dir(name)})
		}
		if strings.HasSuffix(name, ".py") {
			t.py = append(t.py, name)
		}
	}
	return t
}

// packagesBelow returns the folders with the manifest of a package, without those that support a project, that are
// part of a package of Python, such as its templates, or that are among the known ones.
func (t *tree) packagesBelow(known []string) (dirs []string) {
	for _, dir := range t.packages {
		parts := strings.Split(dir, "/")
		if dir != "." && !slices.Contains(known, dir) && !slices.ContainsFunc(parts, auxiliary) &&
			!strings.ContainsAny(dir, "{}") && !t.inPackage(path.Dir(dir)) && !t.isTemplate(dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// isTemplate reports whether the pyproject.toml of a folder is a template of one.
func (t *tree) isTemplate(dir string) bool {
	text, _ := t.Read(path.Join(dir, "pyproject.toml"))
	m, _ := toml.Parse(text) // what is wrong with it is said where it is read as a project
	return sdk.IsTemplate(toml.String(m, "project", "name")) || sdk.IsTemplate(toml.String(m, "tool", "poetry", "name"))
}

// inPackage reports whether a folder, or one above it, is a package of Python.
func (t *tree) inPackage(dir string) bool {
	for ; dir != "."; dir = path.Dir(dir) {
		if t.Exists(dir + "/__init__.py") {
			return true
		}
	}
	return false
}

// List returns the names in a folder, with a "/" behind folders.
func (t *tree) List(dir string) []string {
	if names, ok := t.listed[dir]; ok {
		return names
	}
	t.listed[dir] = t.Project.List(dir)
	return t.listed[dir]
}

// Exists reports whether there is a file or folder of that name.
func (t *tree) Exists(name string) bool {
	dir := "."
	parts := strings.Split(path.Clean(name), "/")
	for i, part := range parts {
		if part == "." {
			continue
		}
		names := t.List(dir)
		if !slices.Contains(names, part+"/") && (i < len(parts)-1 || !slices.Contains(names, part)) {
			return t.existsAsLink(name, names, part)
		}
		dir = path.Join(dir, part)
	}
	return true
}

// existsAsLink opens the file if a folder on its path may be a symbolic link, which a listing shows as a
// file.
func (t *tree) existsAsLink(name string, names []string, part string) bool {
	return slices.Contains(names, part) && t.Project.Exists(name)
}

// FirstOf returns the first of the names that exists, or "".
func (t *tree) FirstOf(names ...string) string {
	for _, name := range names {
		if t.Exists(name) {
			return name
		}
	}
	return ""
}

// Read returns the content of a file, and whether the file exists.
func (t *tree) Read(name string) (string, bool) {
	if !t.Exists(name) {
		return "", false
	}
	return t.Project.Read(name)
}

// Head returns the first n bytes of a file, "" if there is none.
func (t *tree) Head(name string, n int) string {
	if !t.Exists(name) {
		return ""
	}
	return t.Project.Head(name, n)
}

// pythonFilesIn returns the Python files in and below a folder, relative to it.
func (t *tree) pythonFilesIn(dir string) (out []string) {
	for _, name := range t.py {
		if dir == "." {
			out = append(out, name)
		} else if rest, ok := strings.CutPrefix(name, dir+"/"); ok {
			out = append(out, rest)
		}
	}
	return out
}
