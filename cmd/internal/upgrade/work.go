package upgrade

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/tree"
)

// errNoFolder is the error about a path through a file.
const errNoFolder = syscall.ENOTDIR

// A Work is the folder that an upgrade changes: the work tree of a repository or, without one, the folder of a project.
type Work struct {
	tree *tree.Tree
	root *os.Root
	// cache is the folder of davit's own files, if it is in there; else "".
	cache string
	// state is the folder of the copies, kept that of what was taken back.
	state, kept string
}

// Open opens the work tree of a project. Copies are kept beside the data of git or, without git, in a folder of davit's cache
// that is named; without a cache too, in one that does not outlive the upgrade.
func Open(dir, cache, name string) (w *Work, err error) {
	w = &Work{}
	if w.tree, err = tree.Open(tree.WorkTree(dir)); err != nil {
		return nil, err
	}
	if rel, err := filepath.Rel(w.tree.Dir(), cache); err == nil && cache != "" && filepath.IsLocal(rel) {
		w.cache = filepath.ToSlash(rel) + "/"
	}
	folder := filepath.Join(cache, "upgrade", name)
	switch {
	case w.inGit():
		folder = filepath.Join(w.tree.GitFolder(), "davit-upgrade")
	case cache == "":
		if folder, err = os.MkdirTemp("", "davit-upgrade-"); err != nil {
			return nil, err
		}
	}
	w.state, w.kept = filepath.Join(folder, "before"), filepath.Join(folder, "taken-back")
	w.root, err = os.OpenRoot(w.tree.Dir())
	return w, err
}

// Close closes the folder.
func (w *Work) Close() { _, _ = w.tree.Close(), w.root.Close() }

// inGit reports whether the folder is the work tree of a repository, and not just a folder of one that does not count.
func (w *Work) inGit() bool {
	_, err := os.Lstat(filepath.Join(w.tree.Dir(), ".git"))
	return err == nil
}

// files returns the files that git cannot give back: without git, all. Those of davit's own are left out.
func (w *Work) files(ctx context.Context) (names []string, err error) {
	if w.inGit() {
		names, err = w.tree.Uncommitted(ctx)
	} else {
		names, err = w.all(ctx)
	}
	return slices.DeleteFunc(names, func(name string) bool { return w.cache != "" && strings.HasPrefix(name, w.cache) }), err
}

// all returns all files of a project that is in no repository.
func (w *Work) all(ctx context.Context) (names []string, err error) {
	found, err := w.tree.Files(ctx)
	for _, e := range found {
		names = append(names, e.Path)
	}
	return names, err
}

// read returns a file, and its mode; nil and 0 for what is missing or no file. The content of a link is what it leads to.
func (w *Work) read(name string) ([]byte, fs.FileMode, error) {
	local := filepath.FromSlash(name)
	info, err := w.root.Lstat(local)
	switch {
	case missing(err):
		return nil, 0, nil
	case err != nil:
		return nil, 0, err
	case info.Mode()&fs.ModeSymlink != 0:
		to, err := w.root.Readlink(local)
		return []byte(to), info.Mode(), err
	case !info.Mode().IsRegular():
		return nil, 0, nil
	}
	data, err := w.root.ReadFile(local)
	if err == nil && data == nil {
		data = []byte{}
	}
	return data, info.Mode(), err
}

// blob returns a file as a commit has it.
func (w *Work) blob(ctx context.Context, commit, name string) ([]byte, error) {
	out, err := w.git(ctx, nil, "cat-file", "--filters", commit+":"+name)
	if err == nil && out == nil {
		out = []byte{}
	}
	return out, err
}

// restore makes files what a commit has, in the index of git too.
func (w *Work) restore(ctx context.Context, commit string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	_, err := w.git(ctx, names, "-c", "core.hooksPath="+os.DevNull, "--literal-pathspecs", "checkout", "--quiet", commit,
		"--pathspec-from-file=-", "--pathspec-file-nul")
	return err
}

// commit commits what became of files. The index is as before if git refuses that, as a hook may have it do.
func (w *Work) commit(ctx context.Context, message string, names []string) error {
	_, err := w.git(ctx, names, "--literal-pathspecs", "add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul")
	if err == nil {
		_, err = w.git(ctx, nil, "commit", "--quiet", "--message", message)
	}
	if err == nil {
		return nil
	}
	_, _ = w.git(context.WithoutCancel(ctx), names, "--literal-pathspecs", "reset", "--quiet", "--pathspec-from-file=-", "--pathspec-file-nul")
	return fault.Preconditionf("davit upgrade without --commit leaves the changes to you", "git makes no commit of it: %s",
		strings.TrimPrefix(err.Error(), "git: "))
}

// git runs git with names as its input, and returns what it prints.
func (w *Work) git(ctx context.Context, names []string, args ...string) ([]byte, error) {
	program, err := tree.Git(w.tree.Dir())
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env = w.tree.Dir(), tree.GitEnviron()
	if args[0] != "commit" { // which may ask at the terminal, for a password of a key
		tree.Shield(cmd)
	}
	cmd.Stdin = strings.NewReader(strings.Join(names, "\x00"))
	out, err := cmd.Output()
	if failed, is := errors.AsType[*exec.ExitError](err); is {
		return nil, fmt.Errorf("git: %s", reason(string(failed.Stderr)))
	}
	return out, err
}

// reason returns the line of git's output that says why it failed: the first one that begins as an error does, else the last.
func reason(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	if output == "" {
		return "it was ended, and says nothing"
	}
	for _, line := range lines {
		for _, kind := range []string{"fatal: ", "error: "} {
			if text, is := strings.CutPrefix(line, kind); is {
				return text
			}
		}
	}
	return lines[len(lines)-1]
}
