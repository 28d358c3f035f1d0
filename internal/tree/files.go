package tree

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// An Entry is a file of the project.
type Entry struct {
	// Path is relative to the root, with slashes.
	Path string
	// Tracked says that git tracks it; false for all files outside of a git repository.
	Tracked bool
	// Repository is the folder of the repository inside the project that the file belongs to: a submodule, or a
	// clone; empty for a file of the project's own repository.
	Repository string
	// unchecked says that git does not check whether the file exists: usually one that a sparse checkout
	// leaves out.
	unchecked bool
}

// Files returns the files of the project, sorted by path. In a git repository they are those that git tracks
// or does not ignore, with those of submodules and of other repositories inside the project; elsewhere those
// that a walk finds outside of tools' own folders and .gitignore. Symbolic links are files. Deleted files are
// left out.
//
// If git is not installed, fails, refuses (see Refused), or ignores the whole project, the files are found by a walk.
func (t *Tree) Files(ctx context.Context) ([]Entry, error) {
	if !inRepository(t.dir) {
		return t.walkFiles()
	}
	entries, inner, err := t.gitFiles(ctx)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	t.noteRefusal(err)
	if err != nil && !gitFailed(err) && !isRefused(err) {
		return nil, err
	}
	if err != nil || len(entries)+len(inner) == 0 {
		return t.walkFiles()
	}
	entries = t.dropMissing(entries)
	for _, name := range inner {
		found, err := t.innerFiles(ctx, name)
		if err != nil {
			return nil, err
		}
		entries = append(entries, found...)
	}
	if len(inner) > 0 {
		entries = sortEntries(entries)
	}
	return entries, nil
}

// inRepository reports whether there is a ".git" in the folder or above it. It saves starting git where there
// is none.
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

// dropMissing drops the entries that git did not check and that do not exist.
func (t *Tree) dropMissing(entries []Entry) []Entry {
	return slices.DeleteFunc(entries, func(e Entry) bool {
		if !e.unchecked {
			return false
		}
		info, err := os.Lstat(t.path(e.Path))
		return isNotVisible(err) || err == nil && info.IsDir()
	})
}

// path returns the absolute path of a file, as the system writes it. It is for stat calls; contents are read
// through root.
func (t *Tree) path(name string) string {
	return t.dir + string(filepath.Separator) + filepath.FromSlash(name)
}

func sortEntries(entries []Entry) []Entry {
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	return slices.CompactFunc(entries, func(a, b Entry) bool { return a.Path == b.Path })
}
