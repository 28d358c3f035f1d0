package tree

import (
	"context"
	"strings"
)

// Unstaged returns the tracked files whose content git does not have, neither committed nor staged: "git restore" does
// not bring them back. It is a question about times of files, so git may name one that is the same.
func (t *Tree) Unstaged(ctx context.Context) ([]string, error) {
	out, err := t.compare(ctx, "diff-files", "--name-only", "-z", "--ignore-submodules=dirty")
	if err != nil {
		return nil, err
	}
	return strings.FieldsFunc(out, func(r rune) bool { return r == 0 }), nil
}

// dirty reports whether files of the project, or of submodules in it, differ from the commit, or are neither in it nor
// ignored. A submodule is asked by itself: git would ask it without what keeps its configuration harmless.
func (t *Tree) dirty(ctx context.Context) (bool, error) {
	changes, err := t.compare(ctx, "status", "--porcelain", "--ignore-submodules=dirty", "--", ".")
	if err != nil || changes != "" {
		return changes != "", err
	}
	return t.dirtySubmodule(ctx)
}

// dirtySubmodule reports whether the files of a submodule differ from its commit.
func (t *Tree) dirtySubmodule(ctx context.Context) (bool, error) {
	out, err := t.git(ctx, "ls-files", "-z", "-t", "-s")
	if err != nil {
		return false, err
	}
	_, submodules := parseGit(out)
	for _, name := range submodules {
		inner, err := t.inner(name)
		if err != nil {
			return false, err
		}
		if inner == nil {
			continue // it is not checked out
		}
		dirty, err := inner.dirty(ctx)
		_ = inner.Close() // it was only read
		if dirty || err != nil {
			return dirty, err
		}
	}
	return false, nil
}
