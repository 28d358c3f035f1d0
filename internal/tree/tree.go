// Package tree is the files of a project: one folder, held open, that no path and no symbolic link leads out
// of.
//
// It lists files as git does, matches globs, and hashes contents with an index of stamps, like git's index
// (Files, Match, Index). It shows a plugin the files that the plugin may see, and records what it looked at
// (Record). Later it reports whether all of that is unchanged (Unchanged). So the answer of a plugin can be
// cached by what it read, misses included, as build systems with traced inputs do.
//
// All access goes through one os.Root: a name that leaves the folder is absent. Only an error that proves
// that a file is missing, or that the user may not see it, counts as absence; any other error is returned
// (IsUnknown).
//
// The package writes nothing in the project, runs nothing but git, and asks git only for names and commits.
package tree

import (
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
)

// A Tree is the folder of a project, held open. It may be used by several goroutines at once.
type Tree struct {
	root  *os.Root
	dir   string
	hide  []string
	limit int // of entries of a walk; 0 is none

	refusal atomic.Pointer[RefusedError]
}

// Open opens the folder of a project. Plugins must not see what the globs of hide match ("secrets/",
// "**/*.pem"; one without a slash inside matches at any depth), besides .git and .env files. The globs are
// for plugins alone: they do not decide what belongs to the project.
func Open(dir string, hide ...string) (*Tree, error) {
	if fault := GlobsFault(hide); fault != "" {
		return nil, fmt.Errorf("hide: %s", fault)
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

// LimitWalk sets how many files and folders Files may find by a walk before it returns a *LargeError. Nothing
// says where a project ends that neither git nor a project.toml marks.
func (t *Tree) LimitWalk(entries int) { t.limit = entries }

// Close closes the folder.
func (t *Tree) Close() error { return t.root.Close() }

// Dir returns the absolute path of the folder, as the system writes it.
func (t *Tree) Dir() string { return t.dir }

// Hidden returns the globs of what plugins must not see, in normal form.
func (t *Tree) Hidden() []string { return t.hide }

// Hides reports whether plugins must not see a file: it, or a folder above it, is hidden.
func (t *Tree) Hides(name string) bool { return t.hidden(name) }
