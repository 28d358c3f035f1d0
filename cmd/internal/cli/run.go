package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

type runCmd struct {
	Targets []string `arg:"" optional:"" name:"target" help:"The targets to run, or those of one provider (go:test); arguments after -- are passed to their commands"`
	confirmOptions
	Interactive bool `short:"i" help:"Choose the targets from a list, with fzf where that is installed"`
	runOptions
}

// confirmOptions are the options of what may ask.
type confirmOptions struct {
	Yes bool `short:"y" help:"Do not ask for confirmation"`
}

// runOptions are the options of a run of targets.
type runOptions struct {
	DryRun    bool   `short:"n" help:"Print the plan and run nothing"`
	On        string `enum:",auto,host,container" default:"" placeholder:"WHERE" help:"Where steps run: auto, host or container"`
	Force     bool   `short:"f" help:"Ignore cached results"`
	Jobs      int    `short:"j" placeholder:"N" least:"1" help:"Run up to N steps at once (default: one for each processor)"`
	FailFast  bool   `help:"Stop at the first failure"`
	IfOffered bool   `help:"Skip targets that this project does not offer"`
	Reports   string `placeholder:"DIR" help:"Write test reports to DIR, as JUnit XML, and what linters say, as SARIF"`
	Locked    bool   `help:"Refuse to install dependencies, and images that project.lock does not pin"`
	imageOptions

	yes bool // see confirmOptions
}

// onlyOfRuns returns the name of a given option that a command about an environment does not take, or "". It has a meaning
// only where targets are run; the others also apply to the images that a deploy builds, and to its release.
func (o runOptions) onlyOfRuns(command string) string {
	for _, option := range []struct {
		name  string
		given bool
	}{
		{"dry-run", o.DryRun}, {"on", o.On != ""}, {"fail-fast", o.FailFast},
		{"if-offered", o.IfOffered}, {"reports", o.Reports != ""},
		{"platform", len(o.Platform) > 0}, {"output", o.Output != ""}, {"sbom", o.SBOM},
		{"no-provenance", o.NoProvenance}, {"tag", len(o.Tag) > 0}, {"registry", o.Registry != ""},
		{"sign", o.Sign != "" && !signs(command)},
	} {
		if option.given {
			return option.name
		}
	}
	return ""
}

// signs reports whether a command about an environment makes a release, which --sign signs.
func signs(command string) bool { return command == "deploy" || command == "rollback" }

// imageOptions are the options of a run that builds images.
type imageOptions struct {
	Platform     []string `placeholder:"OS/ARCH" help:"Build images for these platforms: linux/amd64,linux/arm64"`
	Output       string   `short:"o" placeholder:"DIR" help:"Write images to DIR as an OCI layout, not to the engine"`
	SBOM         bool     `name:"sbom" help:"Attach a bill of materials (SBOM) to images"`
	NoProvenance bool     `help:"Do not attach provenance to images"`
	Tag          []string `placeholder:"TAG" help:"Add tags to images"`
	Registry     string   `placeholder:"HOST/PATH" help:"Publish images to this registry"`
	Sign         string   `placeholder:"KEY" help:"Sign images that are published, or a release, with the private key in a file or in a variable (env://NAME), of cosign or ssh; DAVIT_KEY_PASSWORD or COSIGN_PASSWORD is its password"`
}

// request returns the options with absolute paths.
func (o imageOptions) request(c *call) app.ImageRequest {
	return app.ImageRequest{
		Platforms: o.Platform, Output: c.absolute(o.Output), SBOM: o.SBOM, NoProvenance: o.NoProvenance,
		Tags: o.Tag, Registry: o.Registry, Sign: c.keyFile(o.Sign),
	}
}

// Run runs targets or, without any, lists the targets of the project.
func (r *runCmd) Run(ctx context.Context, c *call) error {
	r.yes = r.Yes
	switch {
	case r.Interactive:
		return c.pick(ctx, r)
	case len(r.Targets) == 0:
		return c.overview(ctx)
	}
	return c.run(ctx, r.Targets, r.runOptions)
}

// run runs targets of the project.
func (c *call) run(ctx context.Context, targets []string, o runOptions) error {
	if o.On == string(runner.InContainer) && !o.DryRun && c.Handover != nil {
		return c.Handover() // before the project is read, since every step runs there
	}
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	request := c.request(targets, o)
	if o.DryRun {
		return c.dryRun(ctx, p, request)
	}
	display := c.display()
	defer display.Close()
	err = p.Run(ctx, request, display.Event)
	if e, ok := errors.AsType[*runner.EngineError](err); !ok || !e.Dispensable {
		return err
	}
	if c.Handover != nil {
		_ = c.Handover() // returns only without a davit-engine
	}
	request.NoEngine = true
	return p.Run(ctx, request, display.Event)
}

// request returns the request of a run.
func (c *call) request(targets []string, o runOptions) app.Request {
	names, params := splitParams(targets)
	return app.Request{
		Targets: names, Params: params, Yes: o.yes, Args: c.rest, On: o.On, Force: o.Force, Jobs: o.Jobs, FailFast: o.FailFast,
		Locked: o.Locked, IfOffered: o.IfOffered,
		Reports: c.absolute(o.Reports), Image: o.imageOptions.request(c),
		Piped: c.options.JSON, Verbose: c.options.Verbose, Kill: c.kill,
	}
}

// splitParams separates parameters ("version=1.2") from the names of targets.
func splitParams(words []string) (targets, params []string) {
	for _, word := range words {
		if name, _, ok := strings.Cut(word, "="); ok && plan.ValidVariable(name) {
			params = append(params, word)
		} else {
			targets = append(targets, word)
		}
	}
	return targets, params
}

// display returns the display of a run.
func (c *call) display() ui.Display {
	return ui.NewDisplay(c.Streams, ui.Options{JSON: c.options.JSON, Quiet: c.options.Quiet,
		Verbose: c.options.Verbose})
}

// overview prints the targets of the project or, outside of any project, how to start.
func (c *call) overview(ctx context.Context) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	if len(p.Offers) == 0 && !c.options.JSON {
		return p.EmptyError()
	}
	p.WarnFailures()
	environments := c.available(p)
	return c.result(listing(p), func(out printer) {
		out.targets(p, false)
		out.environmentsHint(environments)
	})
}
