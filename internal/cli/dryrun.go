package cli

import (
	"fmt"
	"strings"

	"github.com/davit-dev/davit/internal/app"
	"github.com/davit-dev/davit/runner"
)

// dryRun prints the plan that would run: with --json the very plan, in the form of an answer of a plugin; otherwise a line a
// step, in an order in which they could run.
func (c *call) dryRun(p *app.Project, r app.Request) error {
	job, err := p.Plan(r)
	if err != nil {
		return err
	}
	if c.options.JSON {
		return c.printJSON(job.Plan)
	}
	style := c.Streams.OutStyle()
	for _, s := range job.Graph.Steps() {
		fmt.Fprintf(c.Streams.Out, "%s  %s\n", style.Bold(s.ID), strings.TrimSpace(s.Command()))
		if len(s.Plan.Needs) > 0 {
			fmt.Fprintf(c.Streams.Out, "    %s\n", style.Dim("after "+strings.Join(s.Plan.Needs, ", ")))
		}
		if len(s.Plan.Unless) > 0 {
			fmt.Fprintf(c.Streams.Out, "    %s\n", style.Dim("unless "+runner.Brief(s.Plan.Unless)))
		}
	}
	for _, skip := range job.Skipped {
		fmt.Fprintf(c.Streams.Out, "%s\n", style.Dim("skipped "+skip.Target+": "+skip.Why))
	}
	return nil
}
