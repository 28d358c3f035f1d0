package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/devtools"
)

// A program is a tool written in Go, and how a project runs it.
type program struct {
	argv []string
	tool string // the key in the plan's tools; "" for the go command
	from string // the file in which the project names it, for messages
	// fetch is the argument of "go run" if the program is not installed:
	// "honnef.co/go/tools/cmd/staticcheck@v0.8.2".
	fetch string
}

func (p *program) command() string { return sdk.Quote(p.argv...) }

// name returns what messages call the program: "gofumpt" of "go tool gofumpt", and "gofmt -s".
func (p *program) name() string {
	if p.argv[0] == "go" {
		return p.argv[len(p.argv)-1]
	}
	return p.command()
}

// find returns a program among the tools of the module: a tool line of go.mod, an import of tools.go, or a
// tool line of a file that is only for tools. It returns nil if there is none.
func (r *repo) find(m *module, name string) *program {
	for _, s := range append([]*module{m}, r.withTools(m)...) {
		if s.file.hasTool(name) {
			return &program{argv: []string{"go", "tool", name}, from: path.Join(s.dir, "go.mod")}
		}
	}
	for _, file := range []string{"tools.go", "tools/tools.go", "internal/tools/tools.go"} {
		full := path.Join(m.dir, file)
		if !r.tree.has(full) || r.tree.moduleOf(path.Dir(full)) != m.dir {
			continue
		}
		if imported := importOf(r.tree.read(full), name); imported != "" {
			return &program{argv: []string{"go", "run", imported}, from: full}
		}
	}
	return r.findBeside(m, name)
}

// toolFiles are the usual files for tools beside go.mod.
var toolFiles = []string{"tool.mod", "tools.mod", "go.tool.mod", "go.tools.mod", "tools/go.mod",
	"internal/tools/go.mod"}

// findBeside looks for a program in the usual files for tools beside go.mod. They do not work in a workspace.
func (r *repo) findBeside(m *module, name string) *program {
	for _, file := range append(slices.Clone(toolFiles), name+".mod") {
		full := path.Join(m.dir, file)
		if m.work == "" && r.tree.has(full) && parseMod(r.tree.read(full)).hasTool(name) {
			return &program{argv: []string{"go", "tool", "-modfile=" + file, name}, from: full}
		}
	}
	return nil
}

func (m *modFile) hasTool(name string) bool {
	return slices.ContainsFunc(m.tools, func(path string) bool { return command(path) == name })
}

// blankImports matches the imports of a tools.go. It is compiled by the first module that has one.
var blankImports = compiled(`(?m)^\s*(?:import\s+)?_\s+"([^"]+)"`)

// importOf returns the import path of the command with a name in the text of a Go file.
func importOf(text, name string) string {
	if text == "" {
		return ""
	}
	for _, found := range blankImports().FindAllStringSubmatch(text, -1) {
		if command(found[1]) == name {
			return found[1]
		}
	}
	return ""
}

// pin returns the version of a tool that the project pins, and adds a decision that says so, or that nobody pins
// one.
func (r *repo) pin(t devtools.Tool, more ...string) (devtools.Pin, bool) {
	pin, ok := devtools.Find(r.tree.project, t, more...)
	if ok {
		r.decisions.Add("%s has version %s, because of %s", t.Name, pin.Version, pin.File)
	} else {
		r.decisions.Add("no file of the project pins the version of %s", t.Name)
	}
	return pin, ok
}

// fetched returns a program that "go run" fetches in the version that the project pins or, if it pins none, one
// that has to be installed. The argument fetch names the version for containers then.
func (b *builder) fetched(t devtools.Tool, file string, tool plan.Tool, fetch string) *program {
	pin, ok := b.repo.pin(t)
	if !ok {
		return b.installed(t.Name, file, tool, fetch)
	}
	module, _, _ := strings.Cut(fetch, "@")
	return &program{argv: []string{"go", "run", module + "@" + tagOf(pin.Version)}, from: file}
}

// tagOf returns the tag of a version: those of staticcheck that begin with a year have no "v".
func tagOf(version string) string {
	if strings.HasPrefix(version, "20") {
		return version
	}
	return "v" + version
}

// installed returns a program that has to be installed, and adds it to the tools of the plan. A tool without
// an image gets that of Go, in which "go run" fetches it.
func (b *builder) installed(name, from string, t plan.Tool, fetch string) *program {
	if t.Image == "" {
		t.Image = b.repo.goTool().Image
	}
	b.Tools[name] = t
	return &program{argv: []string{name}, tool: name, from: from, fetch: fetch}
}

// nearest returns the first of the names that exists in a folder or, if none does, in the ones above it.
// Linters look for their configuration in the same way.
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
