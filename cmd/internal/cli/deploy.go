package cli

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
)

// changeOptions are the options of commands that change an environment.
type changeOptions struct {
	confirmOptions
	lockOptions
	Timeout time.Duration `placeholder:"TIME" help:"How long to wait until all services are healthy: 90s, 5m"`
}

// lockOptions are the options of commands that change an environment which others may change, too.
type lockOptions struct {
	Wait          time.Duration `placeholder:"TIME" help:"Wait this long for the lock if somebody else holds it: 30s, 10m"`
	BreakLock     bool          `help:"Take over the lock that somebody else holds"`
	AcceptHistory bool          `help:"Take the releases as they are, although their records were changed"`
}

type deployCmd struct {
	environmentArgs
	changeOptions
	Plan       string `placeholder:"FILE" help:"Carry out a plan saved with davit plan -o, unless the environment has changed since"`
	From       string `placeholder:"ENV" help:"Take the release of this environment, not of the one below"`
	ForceSkip  bool   `help:"Skip a stage of the promotion order, or take an unhealthy release; this is recorded"`
	Pull       bool   `help:"Ask registries again for images that the engine has"`
	Volumes    bool   `help:"Delete volumes that are no longer used"`
	RunJobs    bool   `help:"Run jobs, too, that the way back to the last release has skipped"`
	runOptions `embed:"" group:"run"`
}

// Help returns the details for davit deploy --help.
func (deployCmd) Help() string {
	return `The lowest environment builds its images. Every other environment builds nothing: it takes the images of the
healthy release in the environment below, by digest. davit shows the changes and asks before it makes them. If
a release does not become healthy, davit returns to the last healthy one and exits with 1.

If the project has a target "deploy" and no [environments] in project.toml, davit deploy runs that target.`
}

// Run deploys a release to an environment.
func (cmd *deployCmd) Run(ctx context.Context, c *call) error {
	cmd.NameOptional, cmd.yes = cmd.Plan != "", cmd.Yes
	return c.inEnvironments(ctx, "deploy", cmd.environmentArgs, cmd.runOptions,
		func(e *deploy.Environments) error {
			d, err := cmd.request(c)
			if err != nil {
				return err
			}
			return c.outcome("deploy", d.Environment, func(emit func(ui.Event)) (deploy.Outcome, error) {
				return e.Deploy(ctx, d, emit)
			})
		})
}

// request returns the deploy that the command line asks for.
func (cmd *deployCmd) request(c *call) (d deploy.Request, err error) {
	d = deploy.Request{
		From: cmd.From, ForceSkip: cmd.ForceSkip, Wait: cmd.Wait, BreakLock: cmd.BreakLock, AcceptHistory: cmd.AcceptHistory, Volumes: cmd.Volumes,
		Pull: cmd.Pull, RunJobs: cmd.RunJobs,
		Timeout: cmd.Timeout, Kill: c.kill, Confirm: c.confirm(cmd.Yes || cmd.Plan != ""),
	}
	if d.Environment, _, err = cmd.parts("deploy", 0); err != nil || cmd.Plan == "" {
		return d, err
	}
	if option := cmd.decided(); option != "" {
		return d, fault.Preconditionf("davit plan "+cmp.Or(d.Environment, "ENV")+" "+option+
			" -o FILE makes a plan with it",
			"%s cannot be combined with --plan, which has been decided already", strings.Fields(option)[0])
	}
	if d.Saved, err = deploy.ReadProposal(c.absolute(cmd.Plan)); err == nil && d.Environment == "" {
		d.Environment = d.Saved.Environment
	}
	return d, err
}

// decided returns the first given option that a saved plan has already decided, or "".
func (cmd *deployCmd) decided() string {
	for _, o := range []struct {
		name string
		set  bool
	}{
		{"--from " + cmd.From, cmd.From != ""}, {"--force-skip", cmd.ForceSkip}, {"--pull", cmd.Pull},
		{"--volumes", cmd.Volumes}, {"--run-jobs", cmd.RunJobs},
	} {
		if o.set {
			return o.name
		}
	}
	return ""
}

// confirm returns a function that shows a proposal and asks whether to apply it. A saved plan has been
// reviewed before.
func (c *call) confirm(yes bool) func(context.Context, *deploy.Proposal, bool) error {
	return func(ctx context.Context, proposal *deploy.Proposal, ask bool) error {
		if !c.options.JSON && !c.options.Quiet {
			c.printer().proposal(proposal)
		}
		return c.ask(ctx, yes || !ask, "Apply these changes to "+proposal.Environment+"?")
	}
}

// outcome deploys or rolls back, and prints the release that runs then.
func (c *call) outcome(
	operation, environment string, do func(func(ui.Event)) (deploy.Outcome, error),
) (err error) {
	var o deploy.Outcome
	err = c.change(operation+" "+environment, func(emit func(ui.Event)) (err error) {
		o, err = do(emit)
		return err
	})
	switch {
	case err != nil || c.options.JSON || c.options.Quiet:
	case !o.Changed:
		c.Streams.Printf("nothing to change: %s is at release %d\n", environment,
			o.Release.Number)
	default:
		c.Streams.Printf("release %d of %s is healthy\n", o.Release.Number, environment)
	}
	return err
}
