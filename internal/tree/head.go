package tree

import (
	"path/filepath"
	"strings"
)

// A Head is what git has checked out.
type Head struct {
	Branch string // "main"; empty for a commit without a branch
	Commit string // its hash; empty for a branch without one, and where the refs are in a reftable
}

// Head returns what is checked out, without asking git. It is empty outside of a repository.
func (t *Tree) Head() (h Head) {
	dir, ok := t.gitFolder()
	if !ok {
		return h
	}
	text := readText(filepath.Join(dir, "HEAD"))
	ref, onBranch := strings.CutPrefix(text, "ref: ")
	if !onBranch {
		return Head{Commit: text}
	}
	return Head{Branch: strings.TrimPrefix(ref, "refs/heads/"), Commit: refIn(commonFolder(dir), ref)}
}

// refIn returns the commit of a ref, which has a file of its own or a line among the packed ones.
func refIn(dir, ref string) string {
	if commit := readText(filepath.Join(dir, filepath.FromSlash(ref))); commit != "" {
		return commit
	}
	for line := range strings.Lines(readText(filepath.Join(dir, "packed-refs"))) {
		if commit, name, _ := strings.Cut(strings.TrimSpace(line), " "); name == ref {
			return commit
		}
	}
	return ""
}
