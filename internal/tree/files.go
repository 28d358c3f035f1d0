package tree

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Entry is a file of the project.
type Entry struct {
	// Path is relative to the root, with slashes.
	Path string
	// Tracked tells that git tracks it; false for all outside a git repository.
	Tracked bool
	// unchecked says that git does not look whether the file is there: one that a sparse checkout leaves out, mostly.
	unchecked bool
}

// Files returns the files of the project, sorted by path: in a git repository what git tracks or does not ignore, elsewhere
// what a walk finds outside the folders that tools keep for themselves and what .gitignore names. Symbolic links are files.
// Submodules, and what is not there any more, are left out.
//
// Where git is not installed, fails, or ignores the whole project, the walk answers.
func (t *Tree) Files(ctx context.Context) ([]Entry, error) {
	if !inRepository(t.dir) {
		return t.walkFiles()
	}
	entries, err := t.gitFiles(ctx)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil && !gitFailed(err) {
		return nil, err
	}
	if err != nil || len(entries) == 0 {
		return t.walkFiles()
	}
	return t.dropMissing(entries), nil
}

// inRepository saves the start of git where there is no ".git" upwards.
func inRepository(dir string) bool {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); !isNotVisible(err) {
			return true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return false
		}
		dir = up
	}
}

// dropMissing drops the entries that git was not sure of and that are not there.
func (t *Tree) dropMissing(entries []Entry) []Entry {
	return slices.DeleteFunc(entries, func(e Entry) bool {
		if !e.unchecked {
			return false
		}
		info, err := os.Lstat(t.path(e.Path))
		return isNotVisible(err) || err == nil && info.IsDir()
	})
}

// path is the absolute path of a file, as the system writes it. It is for asking about the file; what is read goes through root.
func (t *Tree) path(name string) string {
	return t.dir + string(filepath.Separator) + filepath.FromSlash(name)
}

func sortEntries(entries []Entry) []Entry {
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	return slices.CompactFunc(entries, func(a, b Entry) bool { return a.Path == b.Path })
}
