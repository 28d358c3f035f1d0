package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// dryJSON is the plan that would run, in the form of an answer of a plugin, and where each of its steps would.
type dryJSON struct {
	*plan.Plan
	Where map[string]placeJSON `json:"where"`
}

type placeJSON struct {
	Where  runner.Where `json:"where"`
	Reason string       `json:"reason"`
	// Image that a step in a container runs in.
	Image string `json:"image,omitempty"`
}

func places(job *app.Job) map[string]placeJSON {
	all := map[string]placeJSON{}
	for _, s := range job.Graph.Steps() {
		all[s.ID] = placeJSON{s.Where, s.Reason, app.Image(s)}
	}
	return all
}

// dryRun prints the plan that would run: with --json the very plan, otherwise a line a step, in an order in which they could run.
func (c *call) dryRun(ctx context.Context, p *app.Project, r app.Request) error {
	job, err := p.DryRun(ctx, r)
	if err != nil {
		return err
	}
	if c.options.JSON {
		return c.printJSON(dryJSON{job.Plan, places(job)})
	}
	style := c.Streams.OutStyle()
	for _, s := range job.Graph.Steps() {
		fmt.Fprintf(c.Streams.Out, "%s  %s\n", style.Bold(s.ID), strings.TrimSpace(s.Command()))
		fmt.Fprintf(c.Streams.Out, "    %s\n", style.Dim(app.Where(s)))
		if len(s.Plan.Needs) > 0 {
			fmt.Fprintf(c.Streams.Out, "    %s\n", style.Dim("after "+strings.Join(s.Plan.Needs, ", ")))
		}
		if len(s.Plan.Services) > 0 {
			fmt.Fprintf(c.Streams.Out, "    %s\n", style.Dim(app.DescribeServices(s)))
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
