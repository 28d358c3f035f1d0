package tree

import (
	"context"
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

// Has reports whether the repository has a commit. A shallow clone cannot tell, and reports true.
func (t *Tree) Has(ctx context.Context, commit string) bool {
	if !revision().MatchString(commit) {
		return false
	}
	if _, err := t.git(ctx, "cat-file", "-e", commit+"^{commit}"); err == nil {
		return true
	}
	shallow, err := t.git(ctx, "rev-parse", "--is-shallow-repository")
	return err == nil && strings.TrimSpace(shallow) == "true"
}
