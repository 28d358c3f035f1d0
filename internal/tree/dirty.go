package tree

import (
	"context"
	"strings"
)

// Unstaged returns the tracked files whose content git does not have, neither committed nor staged: "git restore" does
// not bring them back. It is a question about times of files, so git may name one that is the same.
func (t *Tree) Unstaged(ctx context.Context) ([]string, error) {
	out, err := t.git(ctx, "diff-files", "--name-only", "-z")
	if err != nil {
		return nil, err
	}
	return strings.FieldsFunc(out, func(r rune) bool { return r == 0 }), nil
}
