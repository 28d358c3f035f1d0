package tree

import (
	"context"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

// revision matches the full or shortened hash of a commit.
var revision = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9a-f]{7,64}$`) })

// Lacks reports whether a commit does not contain an earlier one, which the repository may not even have. A shallow
// clone cannot tell, and reports false.
func (t *Tree) Lacks(ctx context.Context, commit, earlier string) bool {
	if commit == earlier || !revision().MatchString(commit) || !revision().MatchString(earlier) {
		return false
	}
	if _, err := t.git(ctx, "cat-file", "-e", commit+"^{commit}"); err != nil {
		return false
	}
	if _, err := t.git(ctx, "merge-base", "--is-ancestor", earlier, commit); err == nil || !gitFailed(err) {
		return false
	}
	shallow, err := t.git(ctx, "rev-parse", "--is-shallow-repository")
	return err == nil && strings.TrimSpace(shallow) == "false"
}

// hasCommit reports whether the repository certainly has a commit.
func (t *Tree) hasCommit(ctx context.Context, commit string) bool {
	if !revision().MatchString(commit) {
		return false
	}
	_, err := t.git(ctx, "cat-file", "-e", commit+"^{commit}")
	return err == nil
}

// IsOf reports whether something that was made from a commit in a folder is of this project: the repository has the
// commit, and the folder is not another one in its working tree.
func (t *Tree) IsOf(ctx context.Context, commit, folder string) bool {
	if !t.hasCommit(ctx, commit) {
		return false
	}
	top, err := t.git(ctx, "rev-parse", "--show-toplevel")
	if err != nil || folder == "" {
		return err == nil
	}
	real, err := filepath.EvalSymlinks(folder)
	if err != nil { // it is gone
		return true
	}
	path, err := filepath.Rel(filepath.FromSlash(strings.TrimRight(top, "\r\n")), real)
	return err != nil || !filepath.IsLocal(path)
}

// Has reports whether the repository has a commit. A shallow clone cannot tell, and reports true.
func (t *Tree) Has(ctx context.Context, commit string) bool {
	if t.hasCommit(ctx, commit) {
		return true
	}
	shallow, err := t.git(ctx, "rev-parse", "--is-shallow-repository")
	return err == nil && strings.TrimSpace(shallow) == "true"
}
