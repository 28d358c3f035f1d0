package golang

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/davit-dev/davit/plugins/sdk"
)

// The limits of the walk. The plan depends on all folders that are listed.
const (
	depthToModule = 5    // depth at which a go.mod is looked for, outside of modules
	depthToSource = 12   // depth at which packages are looked for
	maxFolders    = 4000 // upper folders come first
)

// A folder is one folder of the project with the names in it.
type folder struct {
	dir     string
	depth   int
	module  bool     // the folder is in a module
	files   []string // sorted
	folders []string // sorted, including those that the walk skips
}

func (f *folder) has(file string) bool    { return slices.Contains(f.files, file) }
func (f *folder) hasDir(name string) bool { return slices.Contains(f.folders, name) }

// A tree is the list of folders that the walk visited, upper folders first.
type tree struct {
	project   *sdk.Project
	folders   []*folder
	at        map[string]*folder
	truncated bool // the walk stopped at maxFolders
}

// walk lists the folders in which Go looks for packages. It skips hidden folders, those that begin with "_",
// testdata and vendor, as Go does, and also node_modules, which has thousands of folders and seldom a Go
// file.
func walk(p *sdk.Project) *tree {
	t := &tree{project: p, at: map[string]*folder{}}
	queue := []*folder{{dir: "."}}
	for ; len(queue) > 0; queue = queue[1:] {
		if len(t.folders) == maxFolders {
			t.truncated = true
			break
		}
		f := queue[0]
		t.list(f)
		queue = append(queue, f.children()...)
	}
	return t
}

func (t *tree) list(f *folder) {
	for _, name := range t.project.List(f.dir) {
		if strings.ContainsFunc(name, unicode.IsControl) || strings.Contains(name, `\`) {
			continue // a plan cannot have such a path, and Go has no such import path
		}
		if dir, ok := strings.CutSuffix(name, "/"); ok {
			f.folders = append(f.folders, dir)
		} else {
			f.files = append(f.files, name)
		}
	}
	f.module = f.module || f.has("go.mod") || f.has("go.work")
	t.folders = append(t.folders, f)
	t.at[f.dir] = f
}

// children returns the folders to walk next. Outside of modules, only the upper folders are listed.
func (f *folder) children() []*folder {
	if f.depth == depthToSource || !f.module && f.depth == depthToModule {
		return nil
	}
	var out []*folder
	for _, name := range f.folders {
		if !skipped(name) {
			out = append(out, &folder{dir: path.Join(f.dir, name), depth: f.depth + 1, module: f.module})
		}
	}
	return out
}

// skipped reports whether the walk skips folders with that name.
func skipped(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") ||
		slices.Contains([]string{"testdata", "vendor", "node_modules"}, name)
}

// has reports whether the walk found a file.
func (t *tree) has(file string) bool {
	f := t.at[path.Dir(file)]
	return f != nil && f.has(path.Base(file))
}

// read returns the content of a file, or "" if the walk did not find it.
func (t *tree) read(file string) string {
	if !t.has(file) {
		return ""
	}
	text, _ := t.project.Read(file)
	return text
}

// modules returns the folders with a go.mod, upper ones first.
func (t *tree) modules() (dirs []string) {
	for _, f := range t.folders {
		if f.has("go.mod") {
			dirs = append(dirs, f.dir)
		}
	}
	return dirs
}

// relPath returns the path of a folder as seen from one above it: "./cmd/shop", or ".".
func relPath(dir, of string) string {
	if dir == of {
		return "."
	}
	if of == "." {
		return "./" + dir
	}
	return "./" + strings.TrimPrefix(dir, of+"/")
}
