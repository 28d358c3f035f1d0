package cli

import (
	"context"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/ui"
)

type reportCmd struct {
	HTML string `name:"html" placeholder:"FILE" help:"Write a timeline to FILE, as one page of HTML that needs nothing else"`
}

// Help returns the details for davit report --help.
func (reportCmd) Help() string {
	return `It shows each step of the last run of targets in this checkout: when it ran and how long, where, why it had to run or did
not, and with --html what it printed. A page in the project counts as a file of it: write it where git ignores it.

  davit report --html build/report.html    then open it in a browser`
}

// A Reporter shows the last run of a project: on standard output or, unless it is "", in a file of HTML.
type Reporter func(p *app.Project, s *ui.Streams, html string, json bool) error

// Run prints the last run of targets. With --json it prints an app.PastRun.
func (cmd *reportCmd) Run(ctx context.Context, c *call) error {
	if c.Report == nil {
		return c.Handover()
	}
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	return c.Report(p, c.Streams, c.absolute(cmd.HTML), c.options.JSON)
}
