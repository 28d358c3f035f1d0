package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// outDir returns the folder for programs: bin in the module's folder, unless the project uses it for
// something else.
func (t *tree) outDir(dir string) string {
	candidates := []string{"bin", "build/bin", "out/bin"}
	for _, name := range candidates {
		if out := path.Join(dir, name); t.canHoldPrograms(out) {
			return out
		}
	}
	return path.Join(dir, ".davit-bin")
}

// canHoldPrograms reports whether a folder is absent or holds only programs.
func (t *tree) canHoldPrograms(out string) bool {
	parent := t.at[path.Dir(out)]
	switch {
	case parent == nil: // absent or not listed: its parent decides
		return t.canHoldPrograms(path.Dir(out))
	case parent.has(path.Base(out)):
		return false
	case !parent.hasDir(path.Base(out)):
		return true
	}
	f := t.at[out]
	return f != nil && len(f.folders) == 0 && !slices.ContainsFunc(f.files, func(file string) bool {
		return !strings.HasPrefix(file, ".git") && !t.isProgram(path.Join(out, file))
	})
}

// mayIgnore reports whether davit may write a .gitignore into a folder for programs: it is absent, or has the
// one that davit writes.
func (t *tree) mayIgnore(out string) bool {
	ignore := path.Join(out, ".gitignore")
	return t.at[out] == nil || t.has(ignore) && t.read(ignore) == sdk.IgnoreAll
}

// isProgram reports whether a file is a program for Linux, macOS or Windows, by its first bytes.
func (t *tree) isProgram(file string) bool {
	head := t.project.Head(file, 4)
	for _, magic := range []string{"\x7fELF", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe", "MZ"} {
		if strings.HasPrefix(head, magic) {
			return true
		}
	}
	return false
}

// A renamedMain is a main package with a name of its own, because another one has the name that Go would give
// it.
type renamedMain struct {
	dir, name string
}

// names returns the main packages that keep their names, and those that need another one. The package in the
// root is named first, then those below cmd.
func (m *module) names() (plain []string, renamed []renamedMain) {
	mains := m.mains()
	slices.SortStableFunc(mains, func(a, b string) int { return m.weight(a) - m.weight(b) })
	taken := map[string]bool{}
	for _, dir := range mains {
		if name := m.program(dir); !taken[name] {
			taken[name] = true
			plain = append(plain, dir)
			continue
		}
		name := strings.ReplaceAll(strings.TrimPrefix(relPath(dir, m.dir), "./"), "/", "-")
		for taken[name] {
			name += "-2"
		}
		taken[name] = true
		renamed = append(renamed, renamedMain{dir, name})
	}
	slices.Sort(plain)
	return plain, renamed
}

func (m *module) weight(dir string) int {
	rel := strings.TrimPrefix(relPath(dir, m.dir), "./")
	switch first, _, _ := strings.Cut(rel, "/"); {
	case first == ".":
		return 0
	case first == "cmd":
		return 1
	case isSupporting(rel):
		return 3
	}
	return 2
}

// isSupporting reports whether a folder holds programs that support the project and are not the project.
func isSupporting(dir string) bool {
	return sdk.Auxiliary(dir, supportingFolders...)
}

var supportingFolders = strings.Fields(`_examples build contrib demo demos doc docs dev e2e gen
	generate generator generators hack internal misc scripts script test testing tests testutil tool tools`)
