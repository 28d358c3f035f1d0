package main

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/davit-dev/davit/plugins/sdk"
)

// How far the plugin looks. Whatever it lists is what its plan depends on.
const (
	depthToModule = 3    // folders down to a go.mod, where the root has none
	depthToSource = 12   // folders down to a package
	maxFolders    = 4000 // of a repository; the upper ones come first
)

// folder is one folder of the project: the names in it.
type folder struct {
	dir     string
	depth   int
	module  bool     // it is a module or in one
	files   []string // sorted
	folders []string // sorted, those too that the walk does not enter
}

func (f *folder) has(file string) bool    { return slices.Contains(f.files, file) }
func (f *folder) hasDir(name string) bool { return slices.Contains(f.folders, name) }

// tree is what the walk has seen, upper folders first.
type tree struct {
	project   *sdk.Project
	folders   []*folder
	at        map[string]*folder
	truncated bool // there are more folders than the plugin looks at
}

// walk lists the folders in which Go looks for packages: not those that are hidden, begin with "_" or are named testdata or
// vendor. It does not enter node_modules either, which Go does, for there are thousands of folders and seldom a Go file.
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
			continue // no path of a plan may have it, and no import path has
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

// children are the folders to walk next. Outside of modules only the upper ones are worth a look.
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

// skipped tells whether Go, or this plugin, looks for no package in a folder of that name.
func skipped(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") ||
		slices.Contains([]string{"testdata", "vendor", "node_modules"}, name)
}

// has tells whether a file is among those that the walk has seen.
func (t *tree) has(file string) bool {
	f := t.at[path.Dir(file)]
	return f != nil && f.has(path.Base(file))
}

// read returns the content of a file, "" if the walk has not seen it.
func (t *tree) read(file string) string {
	if !t.has(file) {
		return ""
	}
	text, _ := t.project.Read(file)
	return text
}

// modules are the folders with a go.mod, upper ones first.
func (t *tree) modules() (dirs []string) {
	for _, f := range t.folders {
		if f.has("go.mod") {
			dirs = append(dirs, f.dir)
		}
	}
	return dirs
}

// relPath gives the path of a folder as seen from one above it: "./cmd/shop", or ".".
func relPath(dir, of string) string {
	if dir == of {
		return "."
	}
	if of == "." {
		return "./" + dir
	}
	return "./" + strings.TrimPrefix(dir, of+"/")
}
