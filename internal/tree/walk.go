package tree

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
)

// A walk lists the files without git.
type walk struct {
	*Tree
	entries []Entry
	seen    int // files and folders, ignored ones too
}

// walkFiles lists the files without git.
func (t *Tree) walkFiles() ([]Entry, error) {
	w := &walk{Tree: t}
	err := w.folder(".", nil)
	return sortEntries(w.entries), err
}

// A LargeError says that a walk through a folder that nothing marks as a project found more files and folders
// than LimitWalk allows.
type LargeError struct {
	fault.Precondition
	Limit int
}

func (e *LargeError) Error() string {
	return fmt.Sprintf("the walk ended at %d files and folders, since nothing marks this folder as a project",
		e.Limit)
}

// Hint returns how to mark a project.
func (e *LargeError) Hint() string {
	return "run \"git init\" or \"davit init\" in the folder that is the project"
}

// folder adds the files of a folder and of those in it.
func (w *walk) folder(dir string, rules []rule) error {
	found, err := w.readFolder(dir)
	if err != nil {
		if dir != "." && !IsUnknown(err) {
			return nil // gone meanwhile, or not for the user to read
		}
		return fmt.Errorf("the folder %q cannot be listed: %w", dir, withoutPath(err))
	}
	if w.seen += len(found); w.limit > 0 && w.seen > w.limit {
		return &LargeError{Limit: w.limit}
	}
	own, err := w.rulesOf(dir, found)
	if err != nil {
		return unreadableIgnore(path.Join(dir, ignoreFile), err)
	}
	rules = append(rules[:len(rules):len(rules)], own...)
	for _, e := range found {
		if err := w.entry(path.Join(dir, e.Name()), e, rules); err != nil {
			return err
		}
	}
	return nil
}

// unreadableIgnore returns the error of a .gitignore that cannot be read.
func unreadableIgnore(name string, err error) error {
	if _, named := errors.AsType[*regular.Error](err); named {
		return err
	}
	return fmt.Errorf("%q cannot be read: %w", name, withoutPath(err))
}

// entry lists one entry of a folder, with all below.
func (w *walk) entry(name string, e os.DirEntry, rules []rule) error {
	isIgnored := ignored(rules, name, e.IsDir())
	switch {
	case e.IsDir() && !isIgnored && w.classOf(name, false) == ordinary:
		return w.folder(name, rules)
	case e.IsDir() || isIgnored || toolFile(name):
	case e.Type().IsRegular() || e.Type()&fs.ModeSymlink != 0:
		w.entries = append(w.entries, Entry{Path: name})
	}
	return nil
}

func (t *Tree) readFolder(dir string) ([]os.DirEntry, error) {
	f, err := t.root.OpenFile(filepath.FromSlash(dir), os.O_RDONLY|regular.NonBlock, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1)
}

const ignoreFile = ".gitignore"

// rulesOf returns the rules of the .gitignore among the entries of a folder. A .gitignore that is not a file,
// or that the user may not read, has none; one that is too large is an error.
func (t *Tree) rulesOf(dir string, entries []os.DirEntry) ([]rule, error) {
	if !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == ignoreFile && !e.IsDir() }) {
		return nil, nil
	}
	data, err := regular.ReadFrom(t.root, path.Join(dir, ignoreFile), regular.Config)
	if err != nil {
		if odd, is := errors.AsType[*regular.Error](err); !IsUnknown(err) || is && !odd.TooLarge {
			err = nil
		}
		return nil, err
	}
	return parseIgnore(dir, strings.TrimPrefix(string(data), "\ufeff")), nil
}
