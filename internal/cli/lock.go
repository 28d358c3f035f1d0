package cli

import (
	"context"
	"fmt"

	"github.com/davit-dev/davit/internal/app"
	"github.com/davit-dev/davit/internal/ui"
)

type lockCmd struct {
	Check   bool `help:"Only tell whether project.lock pins all images, with exit code 1 where not"`
	Upgrade bool `help:"Move the images that are pinned already, too"`
}

// Run writes project.lock, which pins the images of the project to digests.
func (l *lockCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	if l.Check {
		if err := p.CheckLock(ctx); err != nil || c.options.Quiet {
			return err
		}
		_, err := fmt.Fprintln(c.Streams.Out, "project.lock pins every image of the project")
		return err
	}
	display := ui.NewDisplay(c.Streams, ui.Options{JSON: c.options.JSON, Quiet: c.options.Quiet, Verbose: c.options.Verbose})
	defer display.Close()
	return p.Lock(ctx, l.Upgrade, app.Request{Kill: c.kill, Piped: c.options.JSON}, display.Event)
}
