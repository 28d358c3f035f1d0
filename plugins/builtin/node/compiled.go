package node

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// A compiled is the part of a configuration of TypeScript that says which files are compiled.
type compiled struct {
	Extends    json.RawMessage
	Files      []string
	Include    []string
	Exclude    []string
	References []struct{ Path string }
}

// maxReferences is how many configurations that name each other are followed.
const maxReferences = 4

// compiles returns whether a compiler takes in the files of a member, by its arguments or its configuration.
func (u *unit) compiles(dir string, c command, m *manifest) verdict {
	if file := c.tsconfig(); u.project.Exists(join(dir, file)) {
		return u.compiledBy(path.Join(dir, file), c.flag("-b", "--build"), m, maxReferences)
	}
	for _, word := range c.paths() {
		if strings.Contains(word, ".ts") && touches(path.Join(dir, word), m.Dir) {
			return reached
		}
	}
	return missed
}

// compiledBy returns whether a configuration takes in the files of a member, for a build also by its references.
func (u *unit) compiledBy(file string, build bool, m *manifest, depth int) (v verdict) {
	t, ok := u.readCompiled(file)
	if !ok || depth == 0 {
		return unclear
	}
	dir := path.Dir(file)
	files, excluded := u.filesOf(dir, t, depth)
	within := func(is func(string, string) bool, all []string) bool {
		return slices.ContainsFunc(all, func(name string) bool { return is(name, m.Dir) })
	}
	if within(touches, files) && !within(covers, excluded) {
		return reached
	}
	for _, r := range t.References {
		next := path.Join(dir, r.Path)
		if path.Ext(next) != ".json" {
			next = path.Join(next, "tsconfig.json")
		}
		if build && v != reached && u.project.Exists(next) {
			v = max(v, u.compiledBy(next, build, m, depth-1))
		}
	}
	return v
}

// readCompiled reads a configuration.
func (u *unit) readCompiled(file string) (t compiled, ok bool) {
	read := once(u, "tsconfig "+file, func() *compiled {
		text, ok := u.project.Read(file)
		if !ok || json.Unmarshal([]byte(plainJSON(text)), &t) != nil {
			return nil
		}
		return &t
	})
	if read == nil {
		return t, false
	}
	return *read, true
}

// filesOf returns the patterns of the files of a configuration and those that it excludes, relative to the project. They may
// be those of one that it extends; without any, it has all files of its folder.
func (u *unit) filesOf(dir string, t compiled, depth int) (files, excluded []string) {
	base := decodeAs[string](t.Extends)
	if t.Files == nil && t.Include == nil && strings.HasPrefix(base, ".") && depth > 0 {
		if path.Ext(base) != ".json" {
			base += ".json"
		}
		if next, ok := u.readCompiled(path.Join(dir, base)); ok && (next.Files != nil || next.Include != nil || next.Extends != nil) {
			return u.filesOf(path.Dir(path.Join(dir, base)), next, depth-1)
		}
	}
	if t.Files == nil && t.Include == nil {
		t.Include = []string{"**"}
	}
	for _, name := range append(t.Files, t.Include...) {
		files = append(files, path.Join(dir, name))
	}
	for _, name := range t.Exclude {
		excluded = append(excluded, path.Join(dir, name))
	}
	return files, excluded
}
