package cli

import (
	"context"
	"slices"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	backend "github.com/davit-dev/davit/runner/deploy"
)

type execCmd struct {
	Index       int      `placeholder:"N" help:"The container with that number, where the service has several"`
	User        string   `short:"u" placeholder:"USER" help:"Run as that user"`
	Workdir     string   `short:"w" placeholder:"DIR" help:"Run in that folder of the container"`
	Env         []string `short:"e" sep:"none" placeholder:"NAME=VALUE" help:"Give the command a variable; may be repeated"`
	NoTerminal  bool     `short:"T" help:"Give the command no terminal, though there is one"`
	Environment string   `arg:"" optional:"" name:"env" help:"The environment, as davit env lists it"`
	Service     string   `arg:"" optional:"" help:"The service, as davit status lists it"`
	Command     []string `arg:"" optional:"" passthrough:"" help:"The command and its arguments; on a terminal a shell"`
}

// Help is what davit exec --help says besides.
func (execCmd) Help() string {
	return `What follows the service is the command; options of davit come before it.

    davit exec dev web                 a shell in a container of web
    davit exec dev web ls -l /etc
    davit exec dev db -- psql -U shop < dump.sql

The exit code is that of the command, and Ctrl-C reaches it. It has a terminal where davit has one, for input and output. What it changes
in the container is drift, as davit diff shows, and is gone with the next release.`
}

// Run runs a command in a container.
func (cmd *execCmd) Run(ctx context.Context, c *call) error {
	a := environmentArgs{cmd.Environment, slices.DeleteFunc(append([]string{cmd.Service}, cmd.Command...), func(w string) bool { return w == "" })}
	return c.inEnvironments(ctx, "exec", a, runOptions{}, func(e *deploy.Environments) error {
		o, err := cmd.options(c)
		if err != nil {
			return err
		}
		code, err := e.Exec(ctx, cmd.Environment, o)
		if err == nil && ctx.Err() != nil {
			err = &app.SilentError{Code: fault.Interrupted}
		}
		if err == nil && code != 0 {
			err = &commandError{code}
		}
		return err
	})
}

func (cmd *execCmd) options(c *call) (backend.ExecOptions, error) {
	o := backend.ExecOptions{
		Service: cmd.Service, Index: cmd.Index, Command: cmd.command(c), User: cmd.User, Dir: cmd.Workdir, Env: cmd.Env,
		Terminal: !cmd.NoTerminal && c.Streams.InTerminal() && c.Streams.OutTerminal(),
		In:       c.Streams.In, Out: c.Streams.Out, Err: c.Streams.Err, Kill: c.kill,
	}
	switch {
	case cmd.Environment != "" && cmd.Service == "":
		return o, &fault.Error{Reason: "in a container of which service?", Next: "davit exec " + cmd.Environment + " SERVICE; davit status " + cmd.Environment + " lists them", Code: fault.FailedPrecondition}
	case len(o.Command) == 0 && o.Terminal:
		o.Command = []string{"sh"}
	case len(o.Command) == 0 && cmd.Environment != "":
		return o, &fault.Error{Reason: "which command? There is no terminal for a shell", Next: "davit exec " + cmd.Environment + " " + cmd.Service + " COMMAND", Code: fault.FailedPrecondition}
	}
	return o, nil
}

// command is all that follows the service. The first "--" is davit's, unless the command has begun before.
func (cmd *execCmd) command(c *call) []string {
	if len(cmd.Command) > 0 && slices.Contains(c.Args, "--") {
		return slices.Concat(cmd.Command, []string{"--"}, c.rest)
	}
	return append(cmd.Command, c.rest...)
}
