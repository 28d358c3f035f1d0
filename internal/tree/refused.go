package tree

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
)

// A RefusedError says that git refuses to read a repository, since it belongs to another user: git would run programs
// that the repository's configuration names.
type RefusedError struct {
	fault.Refusal
	Dir    string // of the repository
	Remedy string // git's own: "git config --global --add safe.directory /srv/shop"
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("git does not read %s, which belongs to another user", e.Dir)
}

// Hint returns what git says that allows it.
func (e *RefusedError) Hint() string { return e.Remedy + ", if you trust what is in it" }

// remedy is the command that git names, behind its refusal.
const remedy = "git config --global --add safe.directory "

// refused returns a *RefusedError if an error of git is its refusal, else the error.
func (t *Tree) refused(err error) error {
	exit, ran := errors.AsType[*exec.ExitError](err)
	if !ran {
		return err
	}
	_, after, found := strings.Cut(string(exit.Stderr), remedy)
	if !found {
		return err
	}
	dir, _, _ := strings.Cut(after, "\n")
	return &RefusedError{Dir: strings.Trim(dir, "'"), Remedy: remedy + dir}
}

// Refused returns the *RefusedError of git for the project or for a repository in it, once Files has been called; nil if
// git reads them all.
func (t *Tree) Refused() error {
	if err := t.refusal.Load(); err != nil {
		return err
	}
	return nil
}

// noteRefusal keeps the refusal of git, if an error is one.
func (t *Tree) noteRefusal(err error) {
	if refused, is := errors.AsType[*RefusedError](err); is {
		t.refusal.Store(refused)
	}
}

func isRefused(err error) bool {
	_, is := errors.AsType[*RefusedError](err)
	return is
}
