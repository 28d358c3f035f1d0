package cli

import (
	"context"
	"maps"
	"slices"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/ui"
)

type initCmd struct {
	Targets []string `arg:"" optional:"" name:"target" help:"Further targets to run"`
	confirmOptions
	runOptions
}

// Run runs the target "init", which installs what the project needs. In a folder without any known files it
// creates a project.toml instead.
func (i *initCmd) Run(ctx context.Context, c *call) error {
	i.yes = i.Yes
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	offered := slices.Contains(p.Resolution.Names(), "init")
	switch {
	case offered:
		return c.run(ctx, append([]string{"init"}, i.Targets...), i.runOptions)
	case len(i.Targets) > 0:
		return c.run(ctx, i.Targets, i.runOptions)
	case p.CheckOffered("init") != nil:
		return p.CheckOffered("init")
	case !p.Empty() || p.HasFile:
		return c.nothingToInstall(p)
	case len(p.UnknownParts()) > 0:
		return p.EmptyError()
	}
	return i.create(ctx, c, p)
}

// create creates a project.toml or, with --dry-run, prints it.
func (i *initCmd) create(ctx context.Context, c *call, p *app.Project) error {
	if i.DryRun {
		job, err := p.InitJob()
		if err != nil {
			return err
		}
		return c.result(dryJSON{job.Plan, places(job), nil}, func(p printer) { p.writes(job) })
	}
	display := ui.NewDisplay(c.Streams, ui.Options{JSON: c.options.JSON, Quiet: c.options.Quiet})
	defer display.Close()
	return p.Init(ctx, app.Request{Kill: c.kill}, display.Event)
}

// writes prints the steps of a run with the files that they would write.
func (p printer) writes(job *app.Job) {
	p.job(job)
	for _, s := range job.Graph.Steps() {
		for _, name := range slices.Sorted(maps.Keys(s.Plan.Files)) {
			p.Printf("\n%s\n", ui.Lines("", string(s.Plan.Files[name])))
		}
	}
}

// nothingToInstall prints why there is nothing to install; with --json as the events of a run without steps.
func (c *call) nothingToInstall(p *app.Project) error {
	t, _ := p.Resolution.Find("init")
	if c.options.JSON {
		display := ui.NewDisplay(c.Streams, ui.Options{JSON: true})
		display.Event(ui.Event{Type: ui.EventStep, Step: "init", Status: ui.StatusSkipped,
			Reason: t.AbsentBecause()})
		display.Event(ui.Event{Type: ui.EventEnd, Status: ui.StatusOK})
		return nil
	}
	return c.Streams.Printf("nothing to install: %s\n", t.AbsentBecause())
}
