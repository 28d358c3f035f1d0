package main

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// tree is the project by its folders, each listed once. What a listing already tells is not asked for file by file: dozens of
// names that are not there would be dozens of things that the plan depends on.
type tree struct {
	*sdk.Project
	listed map[string][]string
	py     []string // the Python files, three folders deep at most
}

func newTree(p *sdk.Project) *tree {
	t := &tree{Project: p, listed: map[string][]string{}}
	t.py = p.Find(3, func(name string) bool { return strings.HasSuffix(name, ".py") })
	return t
}

// List returns the names in a folder, those of folders with a "/" behind.
func (t *tree) List(dir string) []string {
	if names, ok := t.listed[dir]; ok {
		return names
	}
	t.listed[dir] = t.Project.List(dir)
	return t.listed[dir]
}

// Exists tells whether there is a file or folder of that name.
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

// existsAsLink asks for the name itself where a folder on the way to it may be a link, which a listing shows as a file.
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

// Read returns the content of a file, and whether there is such a file.
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

// pythonFilesIn are the Python files of a folder, relative to it.
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
