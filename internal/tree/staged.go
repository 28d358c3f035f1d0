package tree

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
)

// Staged identifies what git says of a repository besides its refs and the files of the project: what is
// staged, and what has changed elsewhere if the project is a folder of a larger repository. It is empty
// without a commit.
func (t *Tree) Staged(ctx context.Context) (string, error) {
	staged, err := t.git(ctx, "diff-index", "--cached", "--raw", "-z", "HEAD")
	if err != nil {
		return "", knownFailure(ctx, err)
	}
	elsewhere := ""
	if _, top := os.Lstat(t.path(".git")); top != nil {
		elsewhere, err = t.git(ctx, "status", "--porcelain", "-z", "--", ":(top)", ":(exclude).")
		if err != nil {
			return "", knownFailure(ctx, err)
		}
	}
	sum := sha256.Sum256([]byte(staged + "\x00" + elsewhere))
	return hex.EncodeToString(sum[:]), nil
}

// knownFailure returns nil for an error that says that git is not installed, or has no answer.
func knownFailure(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case gitFailed(err):
		return nil
	}
	return err
}
