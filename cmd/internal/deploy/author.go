package deploy

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/tree"
)

// authorship is who deploys, and which commit.
type authorship struct {
	by     string
	commit tree.Commit
}

// authorship asks git, several times.
func (e *Environments) authorship(ctx context.Context) (a authorship, err error) {
	a.by = e.by(ctx)
	a.commit, err = e.Builder.Commit(ctx)
	return a, err
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

// by returns who deploys: the author as git knows the caller, else the user and the machine.
func (e *Environments) by(ctx context.Context) string {
	name, address := e.gitConfig(ctx, "user.name"), e.gitConfig(ctx, "user.email")
	if name != "" && address != "" {
		return fmt.Sprintf("%s <%s>", name, address)
	}
	return e.owner() + "@" + hostname()
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

// owner returns the user who calls davit.
func (e *Environments) owner() string {
	get := func(name string) string { return environ.Get(e.Environ, name) }
	return cmp.Or(get("USER"), get("LOGNAME"), get("USERNAME"), "someone")
}

func hostname() string {
	name, _ := os.Hostname() // a machine without a name has none to show
	return cmp.Or(name, "a machine")
}
