package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	backend "github.com/davit-dev/davit/runner/deploy"
)

type execCmd struct {
	Index       int      `placeholder:"N" least:"1" help:"Which container, if the service has several"`
	User        string   `short:"u" placeholder:"USER" help:"Run as this user"`
	Workdir     string   `short:"w" placeholder:"DIR" help:"Run in this folder of the container"`
	Env         []string `short:"e" sep:"none" placeholder:"NAME=VALUE" help:"Set a variable for the command; can be repeated"`
	NoTerminal  bool     `short:"T" help:"Do not allocate a terminal"`
	Environment string   `arg:"" optional:"" name:"env" help:"The environment, as davit env lists it"`
	Service     string   `arg:"" optional:"" help:"The service, as davit status lists it"`
	Command     []string `arg:"" optional:"" passthrough:"" help:"The command and its arguments; the default on a terminal is a shell"`
}

// Help returns the details for davit exec --help.
func (execCmd) Help() string {
	return `Everything after the service is the command. Options of davit come before it.

    davit exec dev web                 a shell in a container of web
    davit exec dev web ls -l /etc
    davit exec dev db -- psql -U shop < dump.sql

davit exits with the exit code of the command, and passes Ctrl-C on to it. The command has a terminal if both
input and output of davit are terminals. Files that it changes in the container count as drift (davit diff
shows them), and are lost with the next release.`
}

// Run runs a command in a container.
func (cmd *execCmd) Run(ctx context.Context, c *call) error {
	words := append([]string{cmd.Service}, cmd.Command...)
	a := environmentArgs{Name: cmd.Environment,
		Words: slices.DeleteFunc(words, func(w string) bool { return w == "" })}
	return c.inEnvironments(ctx, "exec", a, runOptions{}, func(e *deploy.Environments) error {
		o, err := cmd.options(c)
		if err != nil {
			return err
		}
		code, err := e.Exec(ctx, cmd.Environment, o)
		if err == nil && ctx.Err() != nil {
			err = &app.SilentError{Code: fault.StopOf(ctx).Category()}
		}
		if err == nil && code != 0 {
			err = &commandError{code}
		}
		return err
	})
}

// options returns the options of the backend.
func (cmd *execCmd) options(c *call) (backend.ExecOptions, error) {
	terminal := !cmd.NoTerminal && c.Streams.InTerminal() && c.Streams.OutTerminal()
	out, err := c.Streams.Program(terminal)
	o := backend.ExecOptions{
		Service: cmd.Service, Index: cmd.Index, Command: cmd.command(c), User: cmd.User, Dir: cmd.Workdir,
		Env:      cmd.Env,
		Terminal: terminal,
		In:       c.Streams.In, Out: out, Err: err, Kill: c.kill,
	}
	switch {
	case cmd.Environment != "" && cmd.Service == "":
		hint := fmt.Sprintf("davit exec %[1]s SERVICE; davit status %[1]s lists the services",
			cmd.Environment)
		return o, fault.Preconditionf(hint, "davit exec needs a service")
	case len(o.Command) == 0 && o.Terminal:
		o.Command = []string{"sh"}
	case len(o.Command) == 0 && cmd.Environment != "":
		hint := fmt.Sprintf("davit exec %s %s COMMAND", cmd.Environment, cmd.Service)
		return o, fault.Preconditionf(hint,
			"davit exec needs a command: without a terminal there is no shell")
	}
	return o, nil
}

// command returns all arguments after the service. The first "--" belongs to davit, unless the command has
// begun before it.
func (cmd *execCmd) command(c *call) []string {
	if len(cmd.Command) > 0 && slices.Contains(c.Args, "--") {
		return slices.Concat(cmd.Command, []string{"--"}, c.rest)
	}
	return append(cmd.Command, c.rest...)
}
