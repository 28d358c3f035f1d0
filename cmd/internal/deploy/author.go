package deploy

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/tree"
)

// commit begins to ask git, several times, about the commit of the project, and returns a function that waits for that.
func (e *Environments) commit(ctx context.Context) func() (tree.Commit, error) {
	return async(func() (tree.Commit, error) { return e.Builder.Commit(ctx) })
}

// async starts do and returns a function that waits for its result.
func async[T any](do func() (T, error)) func() (T, error) {
	var wait sync.WaitGroup
	var value T
	var err error
	wait.Go(func() { value, err = do() })
	return func() (T, error) {
		wait.Wait()
		return value, err
	}
}

// by returns who changes an environment: DAVIT_ACTOR, else the author as git knows the caller ("Ann
// <ann@example.com>", from GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL or its configuration), else the login name and
// the machine.
func (e *Environments) by(ctx context.Context) string {
	if actor := e.variable("DAVIT_ACTOR"); actor != "" {
		return text.FirstLine(actor)
	}
	name := cmp.Or(e.variable("GIT_AUTHOR_NAME"), e.gitConfig(ctx, "user.name"))
	address := cmp.Or(e.variable("GIT_AUTHOR_EMAIL"), e.gitConfig(ctx, "user.email"))
	if name != "" && address != "" {
		return fmt.Sprintf("%s <%s>", name, address)
	}
	return cmp.Or(name, e.login()) + "@" + hostname()
}

func (e *Environments) variable(name string) string {
	return strings.TrimSpace(environ.Get(e.Environ, name))
}

func (e *Environments) gitConfig(ctx context.Context, key string) string {
	git, err := tree.Git(e.Dir)
	if err != nil {
		return "" // without git it is not known
	}
	c := exec.CommandContext(ctx, git, "config", "--get", key)
	c.Dir, c.Env = e.Dir, e.Environ
	out, _ := c.Output() // what is not configured is not known
	return strings.TrimSpace(string(out))
}

// login returns the login name of the user who calls davit.
func (e *Environments) login() string {
	name := cmp.Or(e.variable("USER"), e.variable("LOGNAME"), e.variable("USERNAME"))
	if name != "" {
		return name
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "uid " + strconv.Itoa(os.Getuid())
}

func hostname() string {
	name, _ := os.Hostname() // a machine without a name has none to show
	return cmp.Or(name, "a machine")
}
