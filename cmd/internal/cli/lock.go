package cli

import (
	"context"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/project"
)

type lockCmd struct {
	Check   bool `help:"Only check that project.lock pins all images; exit with 3 if not"`
	Upgrade bool `help:"Update images that are already pinned"`
}

// Run writes project.lock, which pins the images of the project to digests.
func (l *lockCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	if p.Empty() && !p.HasFile && !project.HasComposeFile(p.Root.Dir) { // a file would make a project of a folder that is none
		return p.EmptyError()
	}
	if l.Check {
		return c.checkLock(ctx, p)
	}
	unlock, err := c.lockFiles(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	display := c.display()
	defer display.Close()
	return p.Lock(ctx, l.Upgrade, app.Request{Kill: c.kill, Piped: c.options.JSON}, display.Event)
}

// checkLock returns an error if project.lock does not pin all images. With --json it prints a lockJSON,
// or an error event.
func (c *call) checkLock(ctx context.Context, p *app.Project) error {
	err := p.CheckLock(ctx)
	switch {
	case err != nil || c.options.Quiet:
		return err
	case c.options.JSON:
		return c.printJSON(lockJSON{Pinned: true})
	}
	return c.Streams.Printf("project.lock pins every image of the project\n")
}

type lockJSON struct {
	// Pinned says that project.lock pins every image of the project.
	Pinned bool `json:"pinned"`
}
