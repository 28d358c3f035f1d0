package cli

import (
	"context"
	"strconv"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
)

type envCmd struct{ environmentArgs }

// Help is what davit env --help says besides.
func (envCmd) Help() string {
	return `Environments are declared in project.toml, a table each: [environments.staging]. Their order is that of the convention: dev,
qualification, staging, preproduction, production. A project that declares none has dev, on the Docker engine of this machine.

Whether files have changed inside of containers takes an engine seconds to find out, and is not looked at here: davit status does.`
}

// Run lists the environments side by side, the lowest first. With --json it prints an array of deploy.Status.
func (cmd *envCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "env", cmd.environmentArgs, runOptions{}, func(e *deploy.Environments) error {
		if cmd.Name != "" {
			return &fault.Error{Reason: "davit env lists all environments", Next: "davit status " + cmd.Name + " tells of one", Code: fault.FailedPrecondition}
		}
		all, err := e.Statuses(ctx)
		if err != nil {
			return err
		}
		if c.options.JSON {
			return c.printJSON(all)
		}
		c.printEnvironments(all)
		return nil
	})
}

func (c *call) printEnvironments(all []deploy.Status) {
	style := c.Streams.OutStyle()
	var rows [][]string
	for _, s := range all {
		rows = append(rows, c.environmentRow(s))
	}
	c.headed([]string{"ENVIRONMENT", "RELEASE", "COMMIT", "SINCE", "HEALTH", "SYNC"}, rows, func(row, col int, text string) string {
		switch {
		case col == 0:
			return style.Bold(text)
		case text == "drifted" || text == "sick":
			return style.Yellow(text)
		}
		return text
	})
}

func (c *call) environmentRow(s deploy.Status) []string {
	switch {
	case s.Error != "":
		return []string{s.Environment, "?", "", "", "", "", s.Error}
	case s.Release == nil:
		return []string{s.Environment, "-", "", "", "", "", "nothing has been deployed"}
	}
	r := s.Release.Release
	return []string{s.Environment, strconv.Itoa(r.Number), orElse(commitOf(r), "-"), c.age(r.Time), healthy(s.Healthy), inSync(s.InSync), remark(r)}
}
