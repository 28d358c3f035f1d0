package floors

import (
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

const root = "../../"

var (
	codeSpan = regexp.MustCompile("`([^`\n]+)`")
	filePath = regexp.MustCompile(
		`^(cmd|internal|runner|plugins|conventions|templates|docs|examples)(/[\w.-]+)*$`)
	goName   = regexp.MustCompile(`^([a-z]+)\.(\w+(?:\.\w+)?)$`)
	link     = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)
	treeLine = regexp.MustCompile(`(?m)^([a-z][\w/-]*) +\d   `)
)

// TestArchitectureIsUpToDate checks that each folder, file and Go name in docs/architecture.md exists, and
// that its tree covers every package.
func TestArchitectureIsUpToDate(t *testing.T) {
	data, err := os.ReadFile(root + "docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	all := sources(t)
	names := declaredNames(all)
	for _, span := range codeSpan.FindAllStringSubmatch(string(data), -1) {
		if filePath.MatchString(span[1]) {
			if _, err := os.Stat(root + span[1]); err != nil {
				t.Errorf("docs/architecture.md names %s, which does not exist", span[1])
			}
		} else if name := goName.FindStringSubmatch(span[1]); name != nil {
			if known, ok := names[name[1]]; ok && !isFileName(span[1]) && !known[name[2]] {
				t.Errorf("docs/architecture.md names %s, which does not exist", span[1])
			}
		}
	}
	var folders []string
	for _, line := range treeLine.FindAllStringSubmatch(string(data), -1) {
		folders = append(folders, line[1])
		if _, err := os.Stat(root + line[1]); err != nil {
			t.Errorf("docs/architecture.md has %s in its tree, which does not exist", line[1])
		}
	}
	for _, s := range all {
		if !slices.ContainsFunc(folders, func(folder string) bool { return in(s.folder(), folder) }) {
			t.Errorf("docs/architecture.md does not have the folder of %s in its tree", s.path)
		}
	}
}

// TestLinksOfTheDocs checks that the files exist that the README and the pages in docs link to.
func TestLinksOfTheDocs(t *testing.T) {
	pages, err := filepath.Glob(root + "docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, root+"README.md") {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range link.FindAllStringSubmatch(string(data), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), filepath.FromSlash(l[1]))); err != nil {
				t.Errorf("%s links to %s, which does not exist", page, l[1])
			}
		}
	}
}

// isFileName tells names of files, such as project.toml, from names of Go.
func isFileName(s string) bool {
	return slices.Contains([]string{".go", ".toml", ".lock", ".json", ".md"}, path.Ext(s))
}

// declaredNames returns by name of package what the packages of the module declare: "Run" and "Runner.Run".
func declaredNames(all []source) map[string]map[string]bool {
	names := map[string]map[string]bool{}
	for _, s := range all {
		if s.isTest() {
			continue
		}
		name := s.file.Name.Name
		if names[name] == nil {
			names[name] = map[string]bool{}
		}
		addNames(names[name], s.file)
	}
	return names
}

// addNames adds the names that a file declares.
func addNames(names map[string]bool, f *ast.File) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			names[receiver(d)+d.Name.Name] = true
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					names[s.Name.Name] = true
					for _, member := range members(s.Type) {
						names[s.Name.Name+"."+member] = true
					}
				case *ast.ValueSpec:
					for _, name := range s.Names {
						names[name.Name] = true
					}
				}
			}
		}
	}
}

// receiver returns "Type." for a method and "" for a function.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	typ := f.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if name, ok := typ.(*ast.Ident); ok {
		return name.Name + "."
	}
	return "" // generic types are not named in documents
}

// members returns the fields of a struct, or the methods of an interface.
func members(typ ast.Expr) (names []string) {
	var fields *ast.FieldList
	switch typ := typ.(type) {
	case *ast.StructType:
		fields = typ.Fields
	case *ast.InterfaceType:
		fields = typ.Methods
	default:
		return nil
	}
	for _, field := range fields.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
	}
	return names
}
