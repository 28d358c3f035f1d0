package cli

import (
	"context"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

type runCmd struct {
	Targets []string `arg:"" optional:"" name:"target" help:"Names of targets; what stands behind -- goes to their commands"`
	runOptions
}

// runOptions go with a run of targets.
type runOptions struct {
	DryRun   bool   `short:"n" help:"Print the plan and run nothing"`
	On       string `enum:",auto,host,container" default:"" placeholder:"WHERE" help:"Where steps run: auto, host or container"`
	Force    bool   `short:"f" help:"Run steps whose result is known as well"`
	Jobs     int    `short:"j" placeholder:"N" help:"How many steps run at once (default: one a processor)"`
	FailFast bool   `help:"Stop everything at the first failure"`
	Reports  string `placeholder:"DIR" help:"Collect test reports there, as JUnit XML"`
	Locked   bool   `help:"Refuse images that project.lock does not pin"`
	imageOptions
}

// imageOptions go with a run that makes images.
type imageOptions struct {
	Platform     []string `placeholder:"OS/ARCH" help:"Make images for these platforms: linux/amd64,linux/arm64"`
	Output       string   `short:"o" placeholder:"DIR" help:"Write images there, as an OCI layout, and not to the engine"`
	SBOM         bool     `name:"sbom" help:"Add a list of what is in an image to it"`
	NoProvenance bool     `help:"Leave out the record of how an image was made"`
	Tag          []string `placeholder:"TAG" help:"Further tags for images"`
	Registry     string   `placeholder:"HOST/PATH" help:"Publish images there"`
}

func (o imageOptions) request(absolute func(string) string) app.ImageRequest {
	return app.ImageRequest{
		Platforms: o.Platform, Output: absolute(o.Output), SBOM: o.SBOM, NoProvenance: o.NoProvenance, Tags: o.Tag, Registry: o.Registry,
	}
}

// Run runs targets or, without any, shows which ones there are.
func (r *runCmd) Run(ctx context.Context, c *call) error {
	if len(r.Targets) == 0 {
		return c.overview(ctx)
	}
	return c.run(ctx, r.Targets, r.runOptions)
}

func (c *call) run(ctx context.Context, targets []string, o runOptions) error {
	if o.On == string(runner.InContainer) && !o.DryRun && c.Handover != nil {
		return c.Handover() // all of it is to run there: the project is read once
	}
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	request := app.Request{
		Targets: targets, Args: c.rest, On: o.On, Force: o.Force, Jobs: o.Jobs, FailFast: o.FailFast, Reports: c.absolute(o.Reports),
		Piped: c.options.JSON, Verbose: c.options.Verbose, Kill: c.kill, Locked: o.Locked, Image: o.imageOptions.request(c.absolute),
	}
	if o.DryRun {
		return c.dryRun(ctx, p, request)
	}
	display := ui.NewDisplay(c.Streams, ui.Options{JSON: c.options.JSON, Quiet: c.options.Quiet, Verbose: c.options.Verbose})
	defer display.Close()
	return p.Run(ctx, request, display.Event)
}

// overview is what davit alone prints: the targets or, outside of any project, how to start.
func (c *call) overview(ctx context.Context) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	if c.options.JSON {
		return c.printJSON(listing(p))
	}
	if len(p.Offers) == 0 {
		return p.EmptyError()
	}
	c.printTargets(p, false)
	return nil
}
