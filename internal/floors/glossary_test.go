package floors

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// retired are words that were names once, by the folder in which a term of the field has replaced them. As
// ordinary English they may stand in prose, and in folders of other lines they may be names.
var retired = map[string]string{
	"runner":                "Seen Ingredients Place Placed Because opaque tainted imaginable facts",
	"runner/deploy":         "Glance Live Look Shared Trial Reach Sweep Free Yields Note Anew Taken Lost Locked Gone Impossible",
	"runner/deploy/release": "Axes Ill Cure Sick Who Aside Keyed Hide Touched heed",
	"runner/deploy/history": "shelf",
	"runner/deploy/docker":  "ground turn stand withdraw tidy wake again quiet living others",
	"runner/buildkit":       "room hub takeover team hear told heard",
	"runner/host":           "room hub takeover team hear told heard",
	"cmd/internal/app":      "ladder rung climb site takeBack gather yield bring beside apart Sickbed Sight Standing Drifted Begin Dry Reported Unserved still idle amend",
	"cmd/internal/deploy":   "ladder rung climb site takeBack stands gather yield bring beside apart Sickbed Sight Standing Drifted Begin Dry Reported Unserved still idle amend",
	"plugins":               "looked aside either",
}

// retiredKeys are words that no key of JSON has.
var retiredKeys = []string{"ill", "ills", "cure", "sick", "left", "lost", "aside", "because", "touched",
	"who", "heals", "strangers", "kept", "how", "what"}

func TestRetiredWordsAreNoNames(t *testing.T) {
	for folder, words := range retired {
		all := strings.Fields(words)
		for _, file := range sources(t, folder) {
			for _, name := range declared(t, file) {
				if slices.Contains(all, name.text) {
					t.Errorf("%s: %q is a retired word in %s", name.at, name.text, folder)
				}
			}
		}
	}
}

func TestRetiredWordsAreNoKeys(t *testing.T) {
	for _, folder := range []string{"cmd", "runner", "conventions", "plugins", "internal"} {
		for _, file := range sources(t, folder) {
			for _, key := range keys(t, file) {
				if slices.Contains(retiredKeys, key.text) {
					t.Errorf("%s: the key %q is a retired word", key.at, key.text)
				}
			}
		}
	}
}

// TestTheGlossarySees keeps the two tests above from being empty.
func TestTheGlossarySees(t *testing.T) {
	src := `package x
type Ill struct { Cure string ` + "`json:\"cure,omitempty\"`" + ` }
func (i Ill) Who() (turn int) { left, _ := 1, 2; for again := range left { _ = again }; var quiet = 1; _ = quiet; return }`
	tokens := token.NewFileSet()
	f, err := parser.ParseFile(tokens, "x.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range append(namesIn(tokens, f), keysIn(tokens, f)...) {
		got = append(got, n.text)
	}
	slices.Sort(got)
	if want := "Cure Ill Who again cure i left quiet turn"; strings.Join(got, " ") != want {
		t.Errorf("saw %q, wanted %q", got, want)
	}
}

// word is a name or a key, and where it is.
type word struct{ text, at string }

// sources returns the Go files of a folder and those below it, but for its tests and for files that are no
// code of davit's. Folders that have a line of their own in retired are left out.
func sources(t *testing.T, folder string) (files []string) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(filepath.Join(root, folder), func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, _ := filepath.Rel(root, name)
		_, own := retired[filepath.ToSlash(relative)]
		switch {
		case d.IsDir() && (d.Name() == "testdata" || own && filepath.ToSlash(relative) != folder):
			return fs.SkipDir
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func parse(t *testing.T, file string) (*token.FileSet, *ast.File) {
	t.Helper()
	tokens := token.NewFileSet()
	f, err := parser.ParseFile(tokens, file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return tokens, f
}

func declared(t *testing.T, file string) []word { return namesIn(parse(t, file)) }

func keys(t *testing.T, file string) []word { return keysIn(parse(t, file)) }

// namesIn returns the names that a file declares: of types, functions, fields, parameters, variables and
// constants.
func namesIn(tokens *token.FileSet, f *ast.File) (names []word) {
	add := func(nodes ...ast.Expr) {
		for _, n := range nodes {
			if id, is := n.(*ast.Ident); is && id != nil && id.Name != "_" {
				names = append(names, word{id.Name, tokens.Position(id.Pos()).String()})
			}
		}
	}
	addAll := func(ids []*ast.Ident) {
		for _, id := range ids {
			add(id)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			add(n.Name)
		case *ast.TypeSpec:
			add(n.Name)
		case *ast.ValueSpec:
			addAll(n.Names)
		case *ast.Field:
			addAll(n.Names)
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				add(n.Lhs...)
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				add(n.Key, n.Value)
			}
		}
		return true
	})
	return names
}

var jsonKey = regexp.MustCompile(`^[^,]*`)

// keysIn returns the keys of JSON that the structs of a file have.
func keysIn(tokens *token.FileSet, f *ast.File) (all []word) {
	ast.Inspect(f, func(n ast.Node) bool {
		field, is := n.(*ast.Field)
		if !is || field.Tag == nil {
			return true
		}
		if tag, err := strconv.Unquote(field.Tag.Value); err == nil {
			if key := jsonKey.FindString(reflect.StructTag(tag).Get("json")); key != "" {
				all = append(all, word{key, tokens.Position(field.Pos()).String()})
			}
		}
		return true
	})
	return all
}
