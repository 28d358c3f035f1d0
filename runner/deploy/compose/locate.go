package compose

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/davit-dev/davit/internal/regular"
)

// A document is one YAML file of a model, for finding lines in it.
type document struct {
	file string // absolute
	root *yaml.Node
	err  error // why it was not read, if it is there
}

// documents returns the Compose files, and those that they include and extend. A file that is not YAML has no
// content.
func (s *source) documents() (all []document) {
	if s.content != nil {
		return nil
	}
	seen, queue := map[string]bool{}, slices.Clone(s.files)
	for len(queue) > 0 && len(all) < maxFiles {
		file := queue[0]
		queue = queue[1:]
		if seen[file] {
			continue
		}
		seen[file] = true
		d := s.read(file)
		all = append(all, d)
		for _, n := range d.includedFiles() {
			if name := s.substitute(n.Value); !remote(name) {
				queue = append(queue, absolute(filepath.Dir(file), name))
			}
		}
	}
	return all
}

// read reads a Compose file. That of an environment may not be a link out of the project.
func (s *source) read(file string) document {
	d := document{file: file}
	var text []byte
	if inside, err := filepath.Rel(s.env.Dir, file); err == nil && filepath.IsLocal(inside) {
		text, d.err = regular.ReadInside(s.env.Dir, filepath.ToSlash(inside), regular.Config)
	} else {
		text, d.err = regular.Read(file, regular.Config)
	}
	if d.err != nil {
		if _, odd := d.err.(*regular.Error); !odd {
			d.err = nil // it is missing, which compose-go reports
		}
		return d
	}
	var n yaml.Node
	if yaml.Unmarshal(text, &n) == nil && len(n.Content) > 0 {
		d.root = n.Content[0]
	}
	return d
}

// includedFiles returns the files that a file includes, and those that its services extend.
func (d document) includedFiles() (all []*yaml.Node) {
	for _, n := range items(value(d.root, "include")) {
		if path := value(n, "path"); path != nil {
			all = append(all, scalars(path)...)
		} else {
			all = append(all, scalars(n)...)
		}
	}
	for _, m := range allMappings(d.root) { // a service may extend another by "<<", from anywhere in the file
		all = append(all, scalars(value(value(m, "extends"), "file"))...)
	}
	return all
}

// allMappings returns all mappings of a document.
func allMappings(n *yaml.Node) (all []*yaml.Node) {
	if n == nil {
		return nil
	}
	if n.Kind == yaml.MappingNode {
		all = append(all, n)
	}
	for _, c := range n.Content {
		all = append(all, allMappings(c)...)
	}
	return all
}

// target returns what an alias stands for, and any other value as it is.
func target(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func items(n *yaml.Node) []*yaml.Node {
	if n = target(n); n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

func scalars(n *yaml.Node) []*yaml.Node {
	if n = target(n); n != nil && n.Kind == yaml.ScalarNode {
		return []*yaml.Node{n}
	}
	return items(n)
}

func value(n *yaml.Node, key string) *yaml.Node {
	_, v := entry(n, key)
	return v
}

// entry returns a key of a mapping, and its value.
func entry(n *yaml.Node, key string) (k, v *yaml.Node) {
	if n = target(n); n == nil || n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// line returns the line of a path in the document, or of as much of it as is there, and the number of these
// parts.
func (d document) line(path string) (line, parts int) {
	n := d.root
	for _, p := range strings.Split(path, ".") {
		k, v := entry(n, p)
		if k == nil {
			return line, parts
		}
		line, parts, n = k.Line, parts+1, v
	}
	return line, parts
}

// at returns the value of a path in the document; nil if it has none.
func (d document) at(path string) *yaml.Node {
	n := d.root
	for _, p := range strings.Split(path, ".") {
		n = value(n, p)
	}
	return n
}

// texts returns the values of a document that are a text, or have it as a part: "80:x" has "x".
func (d document) texts(text string) []*yaml.Node {
	return d.find(func(value string) bool {
		return slices.Contains(strings.Split(value, ":"), text) ||
			strings.Contains(text, ":") && strings.Contains(value, text) // "[::" of "[::80:80"
	})
}

// named returns the values of a document that are the path of a file.
func (d document) named(file string) []*yaml.Node {
	return d.find(func(value string) bool { return absolute(filepath.Dir(d.file), value) == file })
}

func (d document) find(is func(value string) bool) (all []*yaml.Node) {
	var walk func(*yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && is(n.Value) {
			all = append(all, n)
		}
		for i, c := range n.Content {
			if n.Kind != yaml.MappingNode || i%2 == 1 {
				walk(c)
			}
		}
	}
	if d.root != nil {
		walk(d.root)
	}
	return all
}

// locate returns the file and the line that have most of a path. Of two files the later one counts, since it
// overrides.
func (s *source) locate(path string) (file string, line int) {
	best := 0
	for _, d := range s.documents() {
		if l, parts := d.line(path); parts > 0 && parts >= best {
			file, line, best = d.file, l, parts
		}
	}
	return file, line
}

// remote reports whether an include or an extends is not a file of this machine.
func remote(path string) bool {
	return strings.Contains(path, "://") || strings.HasPrefix(path, "git@") ||
		strings.HasPrefix(path, "oci:") || strings.HasPrefix(path, "github.com/")
}

// remote refuses files that would have to be fetched, which compose-go would take for local ones.
func (s *source) remote() error {
	for _, d := range s.documents() {
		for _, n := range d.includedFiles() {
			if remote(n.Value) {
				return &FileError{
					File: s.relative(d.file), Line: n.Line,
					Reason: fmt.Sprintf(
						"%q is not a file of the project, and Compose files are not fetched", n.Value),
					Next: "copy it into the project and name that file",
				}
			}
		}
	}
	return nil
}
