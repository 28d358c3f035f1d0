package cli

import (
	"context"

	"github.com/davit-dev/davit/internal/app"
	"github.com/davit-dev/davit/internal/ui"
)

type initCmd struct {
	Targets []string `arg:"" optional:"" name:"target" help:"Further targets to run"`
	runOptions
}

// Run runs the target "init": it gets what the project needs. In a folder that says nothing yet there is nothing to get, and
// it begins a project.toml there.
func (i *initCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	if len(p.Offers) > 0 || p.HasFile || len(i.Targets) > 0 {
		return c.run(ctx, append([]string{"init"}, i.Targets...), i.runOptions)
	}
	display := ui.NewDisplay(c.Streams, ui.Options{JSON: c.options.JSON, Quiet: c.options.Quiet})
	defer display.Close()
	return p.Begin(ctx, app.Request{Kill: c.Kill}, display.Event)
}
