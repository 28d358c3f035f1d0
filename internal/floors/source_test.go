package floors

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

// A source is a Go file of the module.
type source struct {
	path   string // in the module, with slashes
	tokens *token.FileSet
	file   *ast.File
}

func (s source) folder() string { return path.Dir(s.path) }

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// at returns the position of a node, as the compiler writes it.
func (s source) at(n ast.Node) string { return s.tokens.Position(n.Pos()).String() }

// imports returns the import paths of a source.
func (s source) imports() (all []string) {
	for _, i := range s.file.Imports {
		if imported, err := strconv.Unquote(i.Path.Value); err == nil {
			all = append(all, imported)
		}
	}
	return all
}

// sources returns the Go files of the module, whatever their build constraints are, and tests too. They are
// read from the folders, because go list leaves out files for other systems.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := ofModule()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var ofModule = sync.OnceValues(func() ([]source, error) { return readSources(os.DirFS(root)) })

func readSources(module fs.FS) (all []source, err error) {
	err = fs.WalkDir(module, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && isForeign(module, name):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go" || isHidden(d.Name()):
			return nil
		}
		s, err := readSource(module, name)
		all = append(all, s)
		return err
	})
	return all, err
}

func readSource(module fs.FS, name string) (source, error) {
	s := source{path: name, tokens: token.NewFileSet()}
	text, err := fs.ReadFile(module, name)
	if err == nil {
		s.file, err = parser.ParseFile(s.tokens, name, text, parser.SkipObjectResolution)
	}
	return s, err
}

// isForeign reports whether a folder has no packages of the module: the go command ignores it, or it is a
// module of its own.
func isForeign(module fs.FS, folder string) bool {
	if folder == "." {
		return false
	}
	_, err := fs.Stat(module, folder+"/go.mod")
	return err == nil || path.Base(folder) == "testdata" || isHidden(path.Base(folder))
}

// isHidden reports whether the go command ignores a file or a folder for its name.
func isHidden(name string) bool { return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") }

// sourcesOf returns sources with these texts, by path.
func sourcesOf(t *testing.T, texts map[string]string) []source {
	t.Helper()
	module := fstest.MapFS{}
	for name, text := range texts {
		module[name] = &fstest.MapFile{Data: []byte(text)}
	}
	all, err := readSources(module)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestSourcesHaveEveryBuild checks that files for other systems and tests are read, and no foreign ones.
func TestSourcesHaveEveryBuild(t *testing.T) {
	var read []string
	for _, s := range sourcesOf(t, map[string]string{
		"a/x_windows.go": "//go:build windows\n\npackage a", "a/tagged.go": "//go:build never\n\npackage a",
		"a/x_test.go": "package a_test", "a/testdata/b.go": "no Go", "a/_c.go": "no Go", ".d/d.go": "no Go",
		"e/go.mod": "module e", "e/e.go": "no Go", "f/plain.go": "package f",
	}) {
		read = append(read, s.path)
	}
	if got := strings.Join(read, " "); got != "a/tagged.go a/x_test.go a/x_windows.go f/plain.go" {
		t.Errorf("read %s", got)
	}
}
