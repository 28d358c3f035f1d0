package tree

import (
	"context"
	"os"
	"slices"
	"strings"
)

// GitFolder returns the absolute path of the folder with git's data about this work tree; "" outside of a repository.
func (t *Tree) GitFolder() string {
	dir, _ := t.gitFolder()
	return dir
}

// Uncommitted returns the files of the repository whose content the commit does not have, and the missing ones, relative
// to the root of the repository, which the folder has to be. Ignored files and other repositories are left out.
func (t *Tree) Uncommitted(ctx context.Context) (names []string, err error) {
	out, err := t.compare(ctx, "status", "--porcelain", "-z", "--untracked-files=all", "--ignore-submodules=all", "--no-renames")
	if err != nil {
		return nil, err
	}
	for record := range strings.SplitSeq(out, "\x00") {
		if len(record) > len("XY ") && !strings.HasSuffix(record, "/") {
			names = append(names, record[len("XY "):])
		}
	}
	slices.Sort(names) // one that is staged as deleted and there again is listed twice
	return slices.Compact(names), nil
}

// Untracked returns the files and folders that git neither tracks nor ignores; a folder of such files alone is one name, with a
// slash at its end.
func (t *Tree) Untracked(ctx context.Context) (names []string, err error) {
	out, err := t.git(ctx, "ls-files", "-z", "--others", "--exclude-standard", "--directory", "--no-empty-directory")
	for name := range strings.SplitSeq(out, "\x00") {
		if name != "" {
			names = append(names, name)
		}
	}
	return names, err
}

// Committed returns the files that a commit has.
func (t *Tree) Committed(ctx context.Context, commit string) (map[string]bool, error) {
	out, err := t.git(ctx, "ls-tree", "-r", "-z", "--name-only", commit)
	names := map[string]bool{}
	for name := range strings.SplitSeq(out, "\x00") {
		names[name] = true
	}
	return names, err
}

// GitEnviron returns the variables of this process without those that name another index or work tree than that of a folder.
func GitEnviron() []string { return withoutGit(os.Environ()) }
