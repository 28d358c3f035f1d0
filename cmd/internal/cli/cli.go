// Package cli is the command line of davit: a kong grammar, and one file for each command. A command parses,
// calls one use case of cmd/internal/app (targets) or cmd/internal/deploy (environments), and prints one
// result.
//
// Targets are not commands: which targets exist depends on the project. A first word that is no command is
// the name of a target, looked up when it is called, completed or listed in --help.
//
// This is also the one place that knows exit codes. Errors carry a category (internal/fault), and the codes
// are: 0 done; 1 a step or a deploy failed, or a plugin that may be a part of the target is bad; 2 what was
// asked for does not exist or is not possible, and nothing was run; 3 something would be changed, with
// --exit-code or --check; 4 refused, and an option allows it; and, as shells report it for a signal, 130 Ctrl-C, 143
// SIGTERM, 129 SIGHUP, and 141 the reader of the output has ended.
package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/alecthomas/kong"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/runner"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
	"github.com/davit-dev/davit/runner/trace"
)

// A Process holds what only main knows: arguments, folders, environment, streams, signals and the engines
// that are linked in.
type Process struct {
	// Name is the name that the program was called by.
	Name string
	// Args are the arguments without the name of the program.
	Args []string
	// Dir is the current folder.
	Dir string
	// Environ is the environment as NAME=value.
	Environ []string
	// Cache is the folder of the cache; empty for none.
	Cache   string
	Streams *ui.Streams
	// Engine returns the container engine of a request; nil in davit, which links none.
	Engine func(runner.EngineRequest) runner.Engine
	// Backends connects to an environment. The map holds the secrets of the project by variable. It is nil in
	// davit.
	Backends func(context.Context, runner.EngineRequest, release.Environment,
		map[string]string) (backend.Backend, error)
	// Report shows the last run of a project; nil in davit.
	Report Reporter
	// Plugins are the use cases of davit plugin; nil in davit.
	Plugins PluginTools
	// Published returns the use cases of published plugins; nil in davit.
	Published func(PublishedRequest) PublishedPlugins
	// Signatures verifies signatures and signs, with a caller's environment and what takes warnings; nil in davit.
	Signatures func(environ []string, warn func(text, hint string)) Signatures
	// Handover replaces this process by davit-engine with the same arguments, and returns only if that is not
	// possible. It is nil in davit-engine.
	Handover func() error
	// Signals starts to catch signals: the first one cancels the context, with a *fault.StopError as its
	// cause, and the second one closes the channel.
	Signals func() (context.Context, <-chan struct{})
}

// Main runs davit and returns its exit code.
func Main(p Process) int {
	if code, is := plugins.Main(p.Args); is { // a process for a plugin
		return code
	}
	if code, traces := trace.Main(p.Args); traces { // a process of davit audit
		return code
	}
	c := &call{warned: map[app.Warning]bool{}, Process: p}
	err := c.answer()
	c.show(err)
	return exitCode(c.checkOutput(err))
}

// A call is one call of davit, bound to the Run method of every command.
type call struct {
	Process
	options *options
	rest    []string // the arguments after --
	parser  *kong.Kong
	kill    <-chan struct{}
	mask    runner.Mask          // the values of secrets that nothing printed is to have
	quiet   bool                 // how the project was planned is not traced: the command is about an environment
	done    bool                 // --help or --version has been printed
	about   string               // the target whose help is asked for
	warned  map[app.Warning]bool // what has been said; some commands open the project twice
}

// answer runs the command of the arguments.
func (c *call) answer() error {
	if slices.Equal(c.Args, []string{"--version"}) { // without a parser, for scripts that ask often
		return c.Streams.Printf("%s\n", versionLine())
	}
	return c.parseAndRun()
}

// parseAndRun parses the arguments and runs the command that they name.
func (c *call) parseAndRun() error {
	var g grammar
	args, rest := cut(c.Args)
	c.rest, c.options = rest, &g.options
	parser, err := c.newParser(&g)
	if err != nil {
		return err
	}
	c.parser = parser
	parsed, err := c.parse(args)
	if c.done && c.about != "" {
		return c.handedOver(c.targetHelp(context.Background()))
	}
	if c.done {
		return nil
	}
	if err != nil {
		g.JSON = g.JSON || slices.Contains(args, "--json") // options are not set where others are wrong
		return err
	}
	if err := c.Streams.SetColor(g.Color); err != nil {
		return err
	}
	if err := c.checkFolder(); err != nil {
		return err
	}
	ctx, kill := c.Signals()
	c.kill = kill
	err = c.handedOver(c.dispatch(ctx, parsed.Selected()))
	if ctx.Err() != nil && errors.Is(err, context.Canceled) { // before there was a run to report it
		return fault.StopOf(ctx)
	}
	return err
}

// handedOver hands over to davit-engine if err says that a container engine is needed.
func (c *call) handedOver(err error) error {
	if e, ok := errors.AsType[*runner.EngineError](err); ok && c.Handover != nil {
		return app.NewEngineUnavailableError(e.Missing, c.Handover())
	}
	return err
}

// cut splits arguments at the first "--".
func cut(args []string) (before, after []string) {
	if i := slices.Index(args, "--"); i >= 0 {
		return args[:i], args[i+1:]
	}
	return args, nil
}

// show prints an error; with --json as an event. What is wrong with the output itself, checkOutput says.
func (c *call) show(err error) {
	stop, stopped := errors.AsType[*fault.StopError](err)
	if err == nil || errors.Is(err, c.Streams.OutError()) || stopped && stop.Category() == fault.OutputClosed {
		return
	}
	_, silent := errors.AsType[*app.SilentError](err)
	if _, command := errors.AsType[*commandError](err); silent || command {
		return
	}
	if c.options != nil && c.options.JSON {
		ui.NewDisplay(c.Streams, ui.Options{JSON: true}).Event(errorEvent(err))
		return
	}
	c.Streams.Error(err)
}

// errorEvent returns the event of an error.
func errorEvent(err error) ui.Event {
	e := ui.Event{Type: ui.EventError, Text: err.Error(), Exit: exitCode(err)}
	var h ui.Hinter
	if errors.As(err, &h) {
		e.Hint = h.Hint()
	}
	return e
}

// exitCodes maps the category of the error that davit ends with to an exit code.
var exitCodes = map[fault.Category]int{
	fault.Failed: 1, fault.FailedPrecondition: 2, fault.Pending: 3, fault.Refused: 4,
	fault.Interrupted: 130, fault.Terminated: 143, fault.HungUp: 129, fault.OutputClosed: 141,
}

// A commandError is a command in a container that failed. Its exit code becomes that of davit, and nothing
// more is printed.
type commandError struct{ code int }

func (e *commandError) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// exitCode returns the exit code for an error.
func exitCode(err error) int {
	if err == nil {
		return 0
	}
	if command, ok := errors.AsType[*commandError](err); ok {
		return command.code
	}
	return exitCodes[fault.Of(err)]
}
