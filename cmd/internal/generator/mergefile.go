package generator

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/tree"
)

// manyConflicts is above the exit codes by which git merge-file counts conflicts.
const manyConflicts = 128

// mergeFile merges three texts with git merge-file.
func mergeFile(ctx context.Context, dir string, s *Status, ours, base, theirs string) (text string, conflict bool, err error) {
	git, err := tree.Git(dir)
	if err != nil {
		return "", false, fault.Preconditionf("install git", "files are merged by git, which is not here: %v", err)
	}
	scratch, err := os.MkdirTemp("", "davit-merge-")
	if err != nil {
		return "", false, err
	}
	defer os.RemoveAll(scratch)
	for name, text := range map[string]string{"ours": ours, "base": base, "theirs": theirs} {
		if err := os.WriteFile(filepath.Join(scratch, name), []byte(text), 0o600); err != nil {
			return "", false, err
		}
	}
	cmd := exec.CommandContext(ctx, git, "merge-file", "-p", "-L", "this project", "-L", fmt.Sprintf("template %d", s.Version),
		"-L", fmt.Sprintf("template %d", s.Newest), "ours", "base", "theirs")
	cmd.Dir = scratch
	tree.Shield(cmd)
	out, err := cmd.Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok && failed.ExitCode() > 0 && failed.ExitCode() < manyConflicts {
		return string(out), true, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("git merge-file: %w", err)
	}
	return string(out), false, nil
}
