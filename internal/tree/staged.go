package tree

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Staged identifies what is staged. It is empty without a commit.
func (t *Tree) Staged(ctx context.Context) (string, error) {
	return summary(ctx, t.git, "diff-index", "--cached", "--raw", "-z", "HEAD")
}

// IndexState identifies git's index as the file system sees it. Settled says that every later change of it has
// another one.
func (t *Tree) IndexState(now time.Time) (state string, settled bool) {
	dir, _ := t.gitFolder()
	info, err := os.Lstat(filepath.Join(dir, "index"))
	if err != nil {
		return "", false
	}
	s := stampOf(info)
	return fmt.Sprint(s.Size, s.Mtime, s.Change, s.Inode), s.settled(now)
}

// Elsewhere identifies what has changed in the repository outside of the project, if the project is a folder of
// it.
func (t *Tree) Elsewhere(ctx context.Context) (string, error) {
	if _, err := os.Lstat(t.path(".git")); err == nil {
		return "", nil
	}
	return summary(ctx, t.compare, "status", "--porcelain", "-z", "--ignore-submodules=dirty", "--", ":(top)", ":(exclude).")
}

// summary returns the hash of what git prints; empty if it is not installed or has no answer.
func summary(
	ctx context.Context, git func(context.Context, ...string) (string, error), args ...string,
) (string, error) {
	out, err := git(ctx, args...)
	if err != nil {
		return "", knownFailure(ctx, err)
	}
	sum := sha256.Sum256([]byte(out))
	return hex.EncodeToString(sum[:]), nil
}

// knownFailure returns nil for an error that says that git is not installed, or has no answer.
func knownFailure(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case gitFailed(err), isRefused(err):
		return nil
	}
	return err
}
