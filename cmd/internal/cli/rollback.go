package cli

import (
	"context"
	"fmt"
	"strconv"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
)

type rollbackCmd struct {
	environmentArgs
	changeOptions
	runOptions `embed:"" group:"run"`
}

// Help is what davit rollback --help says besides.
func (rollbackCmd) Help() string {
	return `davit rollback ENV [RELEASE]: without a number it is the last good release before the one that stands, or the one that stood before a
deploy that was killed. It comes back as a new release, so that the history stays whole. Volumes stay as they are: what a migration did to a database is not undone.

A project with a target "rollback" of its own and without [environments] in its project.toml runs that.`
}

// Run brings an environment back to an earlier release.
func (cmd *rollbackCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "rollback", cmd.environmentArgs, cmd.runOptions, func(e *deploy.Environments) error {
		name, rest, err := cmd.parts(1)
		if err != nil {
			return err
		}
		number, err := releaseNumber(rest)
		if err != nil {
			return err
		}
		d := deploy.Request{
			Environment: name, BreakLock: cmd.BreakLock, Timeout: cmd.Timeout, Kill: c.kill, Confirm: c.confirm(cmd.Yes),
		}
		return c.outcome("rollback", name, func(emit func(ui.Event)) (deploy.Outcome, error) { return e.Rollback(ctx, d, number, emit) })
	})
}

// releaseNumber is the number of a release, 0 where none is given.
func releaseNumber(words []string) (int, error) {
	if len(words) == 0 {
		return 0, nil
	}
	n, err := strconv.Atoi(words[0])
	if err != nil || n < 1 {
		return 0, &fault.Error{Reason: fmt.Sprintf("%q is no number of a release", words[0]), Next: "davit releases ENV lists them", Code: fault.FailedPrecondition}
	}
	return n, nil
}
