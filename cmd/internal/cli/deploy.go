package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
)

// changeOptions go with what changes an environment.
type changeOptions struct {
	Yes       bool          `short:"y" help:"Change the environment without a question"`
	BreakLock bool          `help:"Go on although somebody else is at it, or was and left the lock"`
	Timeout   time.Duration `placeholder:"TIME" help:"How long to wait for health: 90s, 5m"`
}

type deployCmd struct {
	environmentArgs
	changeOptions
	Plan       string `placeholder:"FILE" help:"Do what a plan of davit plan -o says, if nothing has moved since"`
	From       string `placeholder:"ENV" help:"Take what stands healthy there, not in the environment below"`
	ForceSkip  bool   `help:"Leave out an environment of the ladder, or take what is not healthy; the release says so"`
	Pull       bool   `help:"Ask registries again for images that the engine has"`
	Volumes    bool   `help:"Delete volumes that nothing uses any more"`
	runOptions `embed:"" group:"run"`
}

// Help is what davit deploy --help says besides.
func (deployCmd) Help() string {
	return `The lowest environment builds; each above takes, by digest, what stands healthy in the one below, and builds nothing. What is to change is
shown and has to be confirmed. A release that does not become healthy is taken back, and the exit code is 1.

A project with a target "deploy" of its own and without [environments] in its project.toml runs that.`
}

// Run brings a release to an environment.
func (cmd *deployCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "deploy", cmd.environmentArgs, cmd.runOptions, func(e *deploy.Environments) error {
		d, err := cmd.request(c)
		if err != nil {
			return err
		}
		return c.outcome("deploy", d.Environment, func(emit func(ui.Event)) (deploy.Outcome, error) { return e.Deploy(ctx, d, emit) })
	})
}

// request is what the command line asks for.
func (cmd *deployCmd) request(c *call) (d deploy.Request, err error) {
	d = deploy.Request{
		From: cmd.From, ForceSkip: cmd.ForceSkip, BreakLock: cmd.BreakLock, Volumes: cmd.Volumes, Pull: cmd.Pull, Timeout: cmd.Timeout,
		Kill:    c.kill,
		Confirm: c.confirm(cmd.Yes || cmd.Plan != ""),
	}
	if d.Environment, _, err = cmd.parts(0); err != nil || cmd.Plan == "" {
		return d, err
	}
	if option := cmd.decided(); option != "" {
		return d, fault.Preconditionf("davit plan "+orElse(d.Environment, "ENV")+" "+option+" -o FILE makes a plan with it",
			"%s cannot be combined with --plan, which has been decided already", option)
	}
	if d.Saved, err = deploy.ReadProposal(c.absolute(cmd.Plan)); err == nil && d.Environment == "" {
		d.Environment = d.Saved.Environment
	}
	return d, err
}

// decided returns the first option that was given and that a saved plan has decided, or "".
func (cmd *deployCmd) decided() string {
	for _, o := range []struct {
		name string
		set  bool
	}{{"--from", cmd.From != ""}, {"--force-skip", cmd.ForceSkip}, {"--pull", cmd.Pull}, {"--volumes", cmd.Volumes}} {
		if o.set {
			return o.name
		}
	}
	return ""
}

// confirm shows what is to be changed and asks. A plan that was kept has been read before.
func (c *call) confirm(yes bool) func(context.Context, *deploy.Proposal, bool) error {
	return func(ctx context.Context, proposal *deploy.Proposal, ask bool) error {
		if !c.options.JSON && !c.options.Quiet {
			c.printProposal(proposal)
		}
		return c.agreed(ctx, yes || !ask, "Change "+proposal.Environment+" so?")
	}
}

// outcome changes an environment and says what stands then.
func (c *call) outcome(what, environment string, do func(func(ui.Event)) (deploy.Outcome, error)) (err error) {
	var o deploy.Outcome
	err = c.change(what+" "+environment, func(emit func(ui.Event)) (err error) {
		o, err = do(emit)
		return err
	})
	switch {
	case err != nil || c.options.JSON || c.options.Quiet:
	case !o.Changed:
		fmt.Fprintf(c.Streams.Out, "nothing to change: %s is as release %d says\n", environment, o.Release.Number)
	default:
		fmt.Fprintf(c.Streams.Out, "release %d of %s is healthy\n", o.Release.Number, environment)
	}
	return err
}
