package main

import (
	"path"
	"regexp"
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// program is how a project calls a tool that is written in Go.
type program struct {
	argv []string
	tool string // the key in the plan's tools; "" for the go command
	from string // where the project names it, for a reader
	// fetch is what "go run" takes where the program must be installed and is not: "honnef.co/go/tools/cmd/staticcheck@v0.8.2".
	fetch string
}

func (p *program) command() string { return sdk.Quote(p.argv...) }

// find looks for a program among the tools that come with the module: a tool line of go.mod, an import of tools.go, or a
// tool line of a file that is there for tools alone. It returns nil where there is none.
func (r *repo) find(m *module, name string) *program {
	for _, s := range append([]*module{m}, r.siblings(m)...) {
		if s.file.hasTool(name) {
			return &program{argv: []string{"go", "tool", name}, from: path.Join(s.dir, "go.mod")}
		}
	}
	for _, file := range []string{"tools.go", "tools/tools.go", "internal/tools/tools.go"} {
		full := path.Join(m.dir, file)
		if r.tree.moduleOf(path.Dir(full)) != m.dir {
			continue
		}
		if imported := importOf(r.tree.read(full), name); imported != "" {
			return &program{argv: []string{"go", "run", imported}, from: full}
		}
	}
	return r.findBeside(m, name)
}

// findBeside looks into the files that people keep for tools beside go.mod. A workspace does not allow them.
func (r *repo) findBeside(m *module, name string) *program {
	files := []string{"tool.mod", "tools.mod", "go.tool.mod", "go.tools.mod", name + ".mod", "tools/go.mod", "internal/tools/go.mod"}
	for _, file := range files {
		full := path.Join(m.dir, file)
		if m.work == "" && parseMod(r.tree.read(full)).hasTool(name) {
			return &program{argv: []string{"go", "tool", "-modfile=" + file, name}, from: full}
		}
	}
	return nil
}

func (m *modFile) hasTool(name string) bool {
	return slices.ContainsFunc(m.tools, func(path string) bool { return command(path) == name })
}

// importOf returns the import path, in the text of a Go file, of the command of that name.
func importOf(text, name string) string {
	imports := regexp.MustCompile(`(?m)^\s*(?:import\s+)?_\s+"([^"]+)"`)
	for _, found := range imports.FindAllStringSubmatch(text, -1) {
		if command(found[1]) == name {
			return found[1]
		}
	}
	return ""
}

// installed is a program that must be there already; the plan gets it as a tool. One without an image of its own is fetched in
// that of Go.
func (b *builder) installed(name, from string, t plan.Tool, fetch string) *program {
	if t.Image == "" {
		t.Image = b.repo.goTool().Image
	}
	b.Tools[name] = t
	return &program{argv: []string{name}, tool: name, from: from, fetch: fetch}
}

// nearest returns the first of the names that is in the module's folder or in one above it, as the tools look for them.
func (t *tree) nearest(dir string, names ...string) string {
	for ; ; dir = path.Dir(dir) {
		for _, name := range names {
			if file := path.Join(dir, name); t.has(file) {
				return file
			}
		}
		if dir == "." {
			return ""
		}
	}
}
