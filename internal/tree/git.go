package tree

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
)

// gitFiles asks git. The answer has one record for each file, ended by a NUL: "H 100644 <hash> 0\tpath" for a
// tracked file, the same with "R" for a tracked file that is deleted, and "? path" for an untracked one. A path
// with the mode of a submodule, or with a slash at its end, is another repository.
func (t *Tree) gitFiles(ctx context.Context) (entries []Entry, repositories []string, err error) {
	out, err := t.git(ctx, "ls-files", "-z", "-t", "-s", "--cached", "--deleted", "--others",
		"--exclude-standard")
	if err != nil {
		return nil, nil, err
	}
	entries, repositories = parseGit(out)
	return entries, repositories, nil
}

// git runs git in the project and returns what it prints. In a repository that git refuses to read, the error is a
// *RefusedError.
func (t *Tree) git(ctx context.Context, args ...string) (string, error) {
	return t.gitWith(ctx, nil, args...)
}

// gitWith is git with more variables.
func (t *Tree) gitWith(ctx context.Context, env []string, args ...string) (string, error) {
	cmd, err := t.gitCommand(ctx, args...)
	if err != nil {
		return "", err
	}
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.Output()
	if err != nil {
		return "", t.refused(fmt.Errorf("git %s: %w", args[0], err))
	}
	return string(out), nil
}

// harmless are the options with which git runs no program that the configuration of a repository names, writes nothing
// (a look must not rewrite the index, nor be in the way of git), and protects from repositories of other users as the
// user's own configuration says.
var harmless = []string{"--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull}

// offline are the variables with which git fetches nothing, not even what a partial clone lacks: a repository chooses
// the program that fetches.
var offline = []string{"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none"}

// gitCommand returns a command of git in the project. The project must not choose a program that runs here.
func (t *Tree) gitCommand(ctx context.Context, args ...string) (*exec.Cmd, error) {
	program, err := Git(t.dir)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, append(slices.Clone(harmless), args...)...)
	Shield(cmd)
	cmd.Dir, cmd.Env = t.dir, append(withoutGit(os.Environ()), offline...)
	return cmd, nil
}

// gitFailed reports whether err says that git is not installed or not executable, or that it ran and failed.
// Other errors, such as too many open files, say nothing about the project.
func gitFailed(err error) bool {
	if _, ran := errors.AsType[*exec.ExitError](err); ran {
		return true
	}
	return errors.Is(err, exec.ErrNotFound) || errors.Is(err, exec.ErrDot) || isNotVisible(err) ||
		errors.Is(err, syscall.ENOEXEC)
}

// withoutGit drops the variables that git sets for hooks: they name another index or work tree than the
// project's own.
func withoutGit(env []string) []string {
	var kept []string
	for _, pair := range env {
		name, _, _ := strings.Cut(pair, "=")
		switch name {
		case "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR",
			"GIT_OBJECT_DIRECTORY":
		default:
			kept = append(kept, pair)
		}
	}
	return kept
}

const submodule = "160000"

func parseGit(out string) (entries []Entry, repositories []string) {
	entries = make([]Entry, 0, strings.Count(out, "\x00"))
	gone := map[string]bool{}
	for out != "" {
		var line string
		line, out, _ = strings.Cut(out, "\x00")
		if len(line) < 3 {
			continue
		}
		tag, rest := line[0], line[2:]
		if tag == '?' {
			if name, other := strings.CutSuffix(rest, "/"); other {
				repositories = append(repositories, name)
			} else {
				entries = append(entries, Entry{Path: rest})
			}
			continue
		}
		mode, name, ok := strings.Cut(rest, "\t")
		switch {
		case tag == 'R':
			gone[name] = true
		case ok && strings.HasPrefix(mode, submodule):
			repositories = append(repositories, name)
		case ok:
			entries = append(entries, Entry{Path: name, Tracked: true, unchecked: tag == 'S'})
		}
	}
	entries = slices.DeleteFunc(sortEntries(entries), func(e Entry) bool { return gone[e.Path] })
	return entries, repositories
}

// Ignored returns those of the names that git ignores, whether or not there are such files.
func (t *Tree) Ignored(ctx context.Context, names []string) ([]string, error) {
	cmd, err := t.gitCommand(ctx, "check-ignore", "--stdin", "-z")
	if err != nil {
		return nil, err
	}
	cmd.Stdin = strings.NewReader(strings.Join(names, "\x00"))
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == 1 { // none of them
		err = nil
	}
	if err != nil {
		return nil, fmt.Errorf("git check-ignore: %w", err)
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 }), nil
}
