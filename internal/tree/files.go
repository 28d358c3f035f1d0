package tree

import "context"

// Entry is a file of the project.
type Entry struct {
	// Path is relative to the root, with slashes.
	Path string
	// Tracked tells that git tracks it; false for all outside a git repository.
	Tracked bool
}

// Files returns the files of the project, sorted by path: in a git repository what git tracks or does not ignore, elsewhere
// what a walk finds outside the folders that tools keep for themselves and what .gitignore names. Submodules, and what is not
// there any more, are left out.
func (t *Tree) Files(ctx context.Context) ([]Entry, error) { return nil, nil }
