// Package host runs steps as processes of this machine.
package host

import (
	"context"
	"os"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// Options of a host Runner.
type Options struct {
	// Root is the absolute path of the project.
	Root string
	// Env is the caller's environment, "NAME=value", which commands inherit.
	Env []string
	// On is where steps run: "auto" and "host" are here, "container" is an error.
	On string
	// Stdin, Stdout and Stderr are what a step that owns the terminal gets; nil is nothing.
	Stdin, Stdout, Stderr *os.File
	// Kill, once closed, ends all patience: processes that were asked to end are killed. It is the second Ctrl-C.
	Kill <-chan struct{}
	// Grace is how long a process may take to end after it was interrupted; 0 is ten seconds.
	Grace time.Duration
	// Store keeps what probes found; nil asks anew each time.
	Store *cache.Store
	// Force asks anew.
	Force bool
}

// Runner runs steps as local processes.
type Runner struct{ o Options }

var _ runner.Runner = (*Runner)(nil)

// New returns a Runner for one project.
func New(o Options) *Runner { return &Runner{o: o} }

// Prepare finds the tools of all steps, at once.
func (r *Runner) Prepare(ctx context.Context, steps []runner.Step) (runner.Versions, error) {
	return nil, nil
}

// Run does one step.
func (r *Runner) Run(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	return runner.Result{}
}

// Found is a tool on this machine.
type Found struct {
	// Path is absolute.
	Path string
	// Version is the first dotted number that the tool answered with; empty if the plan has no way to ask.
	Version string
}

// Probe finds a tool for commands that run in a folder of the project, and asks for its version. Errors are *ToolError.
func (r *Runner) Probe(ctx context.Context, name string, tool plan.Tool, dir string) (Found, error) {
	return Found{}, nil
}

// ToolError says that a tool is missing or is not of a version that the plan accepts.
type ToolError struct {
	Name    string // of the tool
	Want    string // the constraint, or ""
	Path    string // where it was found, or ""
	Version string // that was found, or ""
	Reason  string // why it could not be asked, or ""
	Install string // how to get it, or ""
}

func (e *ToolError) Error() string { return e.Name }

// Hint is how to get the tool.
func (e *ToolError) Hint() string { return e.Install }

// ExitCode is that of a run that could not start.
func (e *ToolError) ExitCode() int { return 2 }
