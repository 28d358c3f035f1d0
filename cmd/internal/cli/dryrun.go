package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// dryJSON is the plan that would run, in the form in which a plugin answers, and where each of its steps
// would run.
type dryJSON struct {
	*plan.Plan
	Where map[string]placeJSON `json:"where"`
	// Questions are what is asked before anything runs.
	Questions []string `json:"questions,omitempty"`
}

type placeJSON struct {
	Where  runner.Where `json:"where"`
	Reason string       `json:"reason"`
	// Image is the image of a step in a container.
	Image string `json:"image,omitempty"`
}

// places returns where each step runs.
func places(job *app.Job) map[string]placeJSON {
	all := map[string]placeJSON{}
	for _, s := range job.Graph.Steps() {
		all[s.ID] = placeJSON{s.Where, s.Reason, app.Image(s)}
	}
	return all
}

// dryRun prints the plan that would run: with --json the plan itself, otherwise the steps in an order in
// which they could run.
func (c *call) dryRun(ctx context.Context, p *app.Project, r app.Request) error {
	job, err := p.DryRun(ctx, r)
	if err != nil {
		return err
	}
	if job.Moved && p.Engine == nil && c.Handover != nil {
		_ = c.Handover() // whether an engine answers decides where steps run; returns only without a davit-engine
	}
	written, err := p.Written(job)
	if err != nil {
		return err
	}
	return c.result(dryJSON{job.Plan, places(job), job.Questions}, func(p printer) {
		p.job(job)
		for _, question := range job.Questions {
			p.Printf("asks first: %s\n", question)
		}
		if written != "" {
			p.Patch("", written)
		}
	})
}

// job prints the steps of a run, each with where it runs and what it needs.
func (p printer) job(job *app.Job) {
	style := p.OutStyle()
	for _, s := range job.Graph.Steps() {
		p.Printf("%s  %s\n", style.Bold(s.ID), ui.Lines("  ", strings.TrimSpace(s.Command())))
		for _, note := range slices.Concat(stepNotes(s), job.Alone[s.ID], job.ConsumedNotes(s.ID)) {
			p.Printf("    %s\n", style.Dim(note))
		}
	}
	for _, skip := range job.Skipped {
		p.Printf("%s\n", style.Dim("skipped "+skip.Target+": "+skip.Why))
	}
	for _, text := range job.Omitted() {
		p.Printf("%s\n", style.Yellow("note: "+text))
	}
}

// stepNotes returns where a step runs, after which steps, and under which conditions.
func stepNotes(s runner.Step) []string {
	notes := []string{app.Where(s)}
	if first := app.Before(s); len(first) > 0 {
		notes = append(notes, "after "+strings.Join(first, ", "))
	}
	if len(s.Plan.Services) > 0 {
		notes = append(notes, app.DescribeServices(s))
	}
	if s.Plan.Provides != nil {
		notes = append(notes, app.DescribeEnvironment(s.Plan.Provides))
	}
	return notes
}
