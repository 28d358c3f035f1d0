package cli

import (
	"context"

	"github.com/davit-dev/davit/internal/app"
	"github.com/davit-dev/davit/runner"
)

type logsCmd struct {
	environmentArgs
	Follow bool   `short:"f" help:"Go on with what comes, until Ctrl-C"`
	Since  string `placeholder:"TIME" help:"Only what is newer: 10m, 2h, 2026-01-31T12:00:00Z"`
	Tail   int    `placeholder:"N" help:"Only so many lines of each container"`
}

// Help is what davit logs --help says besides.
func (logsCmd) Help() string {
	return `davit logs ENV [SERVICE...]: the lines of all containers in the order of their times, each with its service.`
}

// Run prints the logs of an environment.
func (cmd *logsCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "logs", cmd.environmentArgs, runOptions{}, func(p *app.Project) error {
		name, services, _ := cmd.parts(len(cmd.Words))
		return p.Logs(ctx, name, runner.LogOptions{Services: services, Follow: cmd.Follow, Since: cmd.Since, Tail: cmd.Tail}, c.Streams.Out)
	})
}
