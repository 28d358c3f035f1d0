package tree

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
)

// innerFiles returns the files of a repository inside the project. A submodule that is not checked out has
// none.
func (t *Tree) innerFiles(ctx context.Context, name string) ([]Entry, error) {
	inner, err := t.inner(name)
	if inner == nil || err != nil {
		return nil, err
	}
	defer inner.Close()
	entries, err := inner.Files(ctx)
	t.noteRefusal(inner.Refused())
	if err != nil {
		return nil, fmt.Errorf("the repository %q: %w", name, err)
	}
	for i, e := range entries {
		entries[i].Path, entries[i].Repository = path.Join(name, e.Path), path.Join(name, e.Repository)
	}
	return entries, nil
}

// inner opens a repository inside the project; nil if there is no folder, or no repository in it.
func (t *Tree) inner(name string) (*Tree, error) {
	if info, err := t.root.Lstat(filepath.FromSlash(name)); err != nil || !info.IsDir() {
		return nil, knownAbsent(err)
	}
	if _, err := t.root.Lstat(filepath.Join(filepath.FromSlash(name), ".git")); err != nil {
		return nil, knownAbsent(err)
	}
	root, err := t.root.OpenRoot(filepath.FromSlash(name))
	if err != nil {
		return nil, knownAbsent(err)
	}
	return &Tree{root: root, dir: t.path(name)}, nil
}

// knownAbsent returns nil for an error that says that nothing can be found at a path.
func knownAbsent(err error) error {
	if IsUnknown(err) {
		return err
	}
	return nil
}
