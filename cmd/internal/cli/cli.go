// Package cli is the grammar of the command line: one file a command, each thin: it parses, calls one use case of
// cmd/internal/app and prints one result.
//
// Targets are not commands. What is no command is the name of a target, and which targets there are depends on the project,
// so that they are looked up when they are called, completed or shown in --help.
//
// Exit codes: 0 done; 1 a step or a deploy failed, or a plugin or its plan is bad; 2 what was asked for is not there or not possible,
// and nothing was run; 3 something would be changed, of davit plan --exit-code; 4 refused until it is said again with an option that
// allows it; 130 interrupted.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/alecthomas/kong"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Process is what only main knows.
type Process struct {
	// Args are the arguments without the name of the program.
	Args []string
	// Dir is the current folder.
	Dir string
	// Environ is the environment as NAME=value.
	Environ []string
	// Cache is the folder for what davit remembers between runs; empty for none.
	Cache   string
	Streams *ui.Streams
	// Engine is the container engine that is asked for; nil in davit, which has none linked in.
	Engine func(runner.EngineRequest) runner.Engine
	// Backends connects to an environment, given the secrets of the project by variable; nil in davit.
	Backends func(context.Context, runner.EngineRequest, release.Environment, map[string]string) (backend.Backend, error)
	// Handover replaces this process by davit-engine with the same arguments, and returns only if that is not possible; nil in
	// davit-engine.
	Handover func() error
	// Signals catches Ctrl-C from then on: the first one cancels the context, the second one closes the channel.
	Signals func() (context.Context, <-chan struct{})
}

// runName is the name of the default command, which nobody types.
const runName = "TARGET"

// grammar is every command and option. Targets is the default: what is no command is the name of a target.
type grammar struct {
	options
	Run        runCmd        `cmd:"" name:"TARGET" default:"withargs" help:"Run targets: davit build test"`
	Targets    targetsCmd    `cmd:"" help:"List the targets of this project, and who provides each"`
	Explain    explainCmd    `cmd:"" help:"Tell why a target is as it is: its provider, the files read, its steps"`
	Init       initCmd       `cmd:"" help:"Get what the project needs; in an empty folder, begin a project.toml"`
	Env        envCmd        `cmd:"" help:"List the environments, and what stands in each"`
	Plan       planCmd       `cmd:"" help:"Show what a deploy would change: davit plan staging"`
	Deploy     deployCmd     `cmd:"" help:"Bring a release to an environment: davit deploy dev"`
	Rollback   rollbackCmd   `cmd:"" help:"Bring an environment back to its last good release"`
	Releases   releasesCmd   `cmd:"" help:"List what was deployed to an environment, when and by whom"`
	Status     statusCmd     `cmd:"" help:"Tell whether an environment is in sync and healthy"`
	Diff       diffCmd       `cmd:"" help:"Show where an environment is not as it was deployed"`
	Inspect    inspectCmd    `cmd:"" help:"List all that there is in an environment"`
	Logs       logsCmd       `cmd:"" help:"Print the logs of an environment: davit logs dev web"`
	Exec       execCmd       `cmd:"" help:"Run a command in a container: davit exec dev web ls"`
	Open       openCmd       `cmd:"" help:"Open what an environment publishes in a browser: davit open dev web"`
	Heal       healCmd       `cmd:"" help:"Replace what is sick or is not what was deployed: davit heal dev"`
	Destroy    destroyCmd    `cmd:"" help:"Remove an environment; volumes only if asked for"`
	Lock       lockCmd       `cmd:"" help:"Pin the images of the project in project.lock"`
	Completion completionCmd `cmd:"" help:"Print the completion script of a shell"`
	Complete   completeCmd   `cmd:"" name:"__complete" hidden:""`
	Found      engineCmd     `cmd:"" name:"engine" help:"Show which container engine is found, and what it can do"`
	Version    versionCmd    `cmd:"" help:"Print the version"`
	Help       helpCmd       `cmd:"" help:"Show help: davit help explain"`
}

// options go with every command.
type options struct {
	Directory string           `short:"C" placeholder:"DIR" help:"Work as if davit were called in DIR"`
	JSON      bool             `name:"json" help:"Print JSON: one result, or NDJSON events of a run"`
	Engine    string           `placeholder:"ADDR" help:"The container engine: an address as of BUILDKIT_HOST, or docker://CONTEXT"`
	Offline   bool             `help:"Open no network connection; davit itself opens none unless told to"`
	Quiet     bool             `short:"q" help:"Print only what failed"`
	Verbose   bool             `short:"v" help:"Print the output of every step as it comes, and what davit did"`
	Color     string           `enum:"auto,always,never" default:"auto" placeholder:"WHEN" help:"Colour: auto, always or never"`
	Show      kong.VersionFlag `name:"version" help:"Print the version"`
}

// Main runs davit and returns its exit code.
func Main(p Process) int {
	if slices.Equal(p.Args, []string{"--version"}) { // the shortest way, for scripts that ask often
		io.WriteString(p.Streams.Out, versionLine())
		return 0
	}
	c := &call{Process: p}
	err := c.parseAndRun()
	if err == nil {
		return c.code
	}
	c.show(err)
	return exitCode(err)
}

// call is one call of davit: what commands get to work with.
type call struct {
	Process
	options *options
	rest    []string // what stands behind --
	parser  *kong.Kong
	kill    <-chan struct{}
	code    int
	done    bool // --help or --version has been printed
}

func (c *call) parseAndRun() error {
	var g grammar
	args, rest := cut(c.Args)
	c.rest, c.options = rest, &g.options
	parser, err := c.newParser(&g)
	if err != nil {
		return err
	}
	c.parser = parser
	parsed, err := parser.Parse(args)
	if c.done {
		return nil
	}
	if err != nil {
		g.JSON = g.JSON || slices.Contains(args, "--json") // options are not set where others are wrong
		return c.usage(err)
	}
	if err := c.Streams.SetColor(g.Color); err != nil {
		return err
	}
	ctx, kill := c.Signals()
	c.kill = kill
	parsed.BindTo(ctx, (*context.Context)(nil))
	err = c.handedOver(parsed.Run(c))
	if ctx.Err() != nil && errors.Is(err, context.Canceled) { // before there was a run to report it
		return &fault.Error{Reason: "interrupted", Code: fault.Interrupted}
	}
	return err
}

// handedOver hands what needs a container engine over to the davit that has one.
func (c *call) handedOver(err error) error {
	if fault, ok := errors.AsType[*runner.EngineError](err); ok && c.Handover != nil {
		return app.NewEngineUnavailableError(fault.Missing, c.Handover())
	}
	return err
}

func (c *call) newParser(g *grammar) (*kong.Kong, error) {
	parser, err := kong.New(g,
		kong.Name("davit"),
		kong.Description("The same commands for any project. Call davit alone to see the targets of the one that you are in."),
		kong.Writers(c.Streams.Out, c.Streams.Err),
		kong.Exit(func(int) { c.done = true }),
		kong.Vars{"version": versionLine()},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, FlagsLast: true}),
		kong.Help(c.help),
	)
	if err == nil {
		hideRuns(parser.Model.Children)
	}
	return parser, err
}

// hideRuns leaves out of the help what a command takes only where it stands for a target of the project.
func hideRuns(commands []*kong.Node) {
	for _, command := range commands {
		for _, f := range command.Flags {
			f.Hidden = f.Hidden || f.Group != nil && f.Group.Key == "run"
		}
	}
}

// cut splits arguments at the first "--".
func cut(args []string) (before, behind []string) {
	if i := slices.Index(args, "--"); i >= 0 {
		return args[:i], args[i+1:]
	}
	return args, nil
}

// usage is an error of the command line itself.
func (c *call) usage(err error) error {
	return &fault.Error{Reason: err.Error(), Next: "davit --help shows the commands and options", Code: fault.FailedPrecondition}
}

// show prints an error, as an event too where the caller reads those.
func (c *call) show(err error) {
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

func errorEvent(err error) ui.Event {
	e := ui.Event{Type: ui.EventError, Text: err.Error(), Exit: exitCode(err)}
	var h ui.Hinter
	if errors.As(err, &h) {
		e.Hint = h.Hint()
	}
	return e
}

// exitCodes are the exit codes of davit, by the category of the error that it ends with.
var exitCodes = map[fault.Category]int{
	fault.Failed: 1, fault.FailedPrecondition: 2, fault.Pending: 3, fault.Refused: 4, fault.Interrupted: 130,
}

// A commandError is the end of a command in a container, whose exit code is that of davit. It has said what there was to say.
type commandError struct{ code int }

func (e *commandError) Error() string { return fmt.Sprintf("exit code %d", e.code) }

func exitCode(err error) int {
	if command, ok := errors.AsType[*commandError](err); ok {
		return command.code
	}
	return exitCodes[fault.Of(err)]
}
