package cli

import (
	"context"
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

// Help returns the details for davit rollback --help.
func (rollbackCmd) Help() string {
	return `davit rollback ENV [RELEASE] returns to a release. Without a number this is the last healthy release before
the current one; after a deploy that was killed, it is the release from before that deploy, and after a rollback
that was killed, the one that this was going to. A rollback is
recorded as a new release. Volumes are not changed: what a migration did to a database is not undone, and jobs
do not run again; the plan names them. A way down in project.toml, such as down = "migrate-down", runs before.

If the project has a target "rollback" and no [environments] in project.toml, davit rollback runs that target.`
}

// Run returns an environment to an earlier release.
func (cmd *rollbackCmd) Run(ctx context.Context, c *call) error {
	cmd.yes = cmd.Yes
	return c.inEnvironments(ctx, "rollback", cmd.environmentArgs, cmd.runOptions,
		func(e *deploy.Environments) error {
			name, rest, err := cmd.parts("rollback", 1)
			if err != nil {
				return err
			}
			number, err := releaseNumber(rest)
			if err != nil {
				return err
			}
			d := deploy.Request{
				Environment: name, Wait: cmd.Wait, BreakLock: cmd.BreakLock, AcceptHistory: cmd.AcceptHistory, Timeout: cmd.Timeout, Kill: c.kill,
				Confirm: c.confirm(cmd.Yes),
			}
			return c.outcome("rollback", name, func(emit func(ui.Event)) (deploy.Outcome, error) {
				return e.Rollback(ctx, d, number, emit)
			})
		})
}

// releaseNumber returns the number of a release, 0 if none is given.
func releaseNumber(words []string) (int, error) {
	if len(words) == 0 {
		return 0, nil
	}
	n, err := strconv.Atoi(words[0])
	if err != nil || n < 1 {
		return 0, fault.Preconditionf("davit releases ENV lists them", "%q is not the number of a release",
			words[0])
	}
	return n, nil
}
