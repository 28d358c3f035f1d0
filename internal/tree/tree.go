// Package tree is a project's files as davit sees them: one folder, held open, that no path and no symbolic link leads out of.
//
// A Tree answers three questions. Which files has the project, and what is in them (files, globs, hashes, snapshots)? What may
// a plugin see of it (Record)? And is everything that a plugin saw still as it was (Unchanged)? All access goes through one
// os.Root, so what is asked for by a name that leaves the folder is simply not there.
//
// It writes nothing in the project, runs nothing but git, and asks git only for names.
package tree

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/bmatcuk/doublestar/v4"
)

// Tree is the folder of a project, held open. It may be used by several goroutines at once.
type Tree struct {
	root *os.Root
	dir  string
	hide []string
}

// Open opens the folder of a project. The globs of hide ("secrets/", "**/*.pem"; one without a slash inside holds at any depth)
// name what plugins must not see, besides .git and .env files. They decide about plugins alone, not about what belongs to the
// project.
func Open(dir string, hide ...string) (*Tree, error) {
	for _, glob := range hide {
		if !doublestar.ValidatePattern(glob) {
			return nil, fmt.Errorf("hide: %q is not a glob", glob)
		}
	}
	full, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(full)
	if err != nil {
		return nil, err
	}
	return &Tree{root: root, dir: full, hide: normalizeGlobs(hide)}, nil
}

// Close releases the folder.
func (t *Tree) Close() error { return t.root.Close() }

// Dir returns the absolute path of the folder, as the system writes it.
func (t *Tree) Dir() string { return t.dir }

// Hidden returns the globs of what plugins must not see, as they are understood.
func (t *Tree) Hidden() []string { return t.hide }

// Hides tells whether plugins must not see a file: it, or a folder above it, is hidden.
func (t *Tree) Hides(name string) bool { return t.hidden(name) }
