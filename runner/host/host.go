// Package host runs steps as processes of this machine.
//
// A command inherits the caller's environment, as make's do, with what its step adds. Its input is empty and its output becomes
// events, unless it is interactive: then it has the caller's streams and, where they are a terminal, is in the foreground of it.
//
// Each command has a process group of its own. When its context ends, by Ctrl-C, by a timeout or because another step failed,
// the group is interrupted, as by Ctrl-C in a shell, and has ten seconds to end in its own way; then, or at the second Ctrl-C, it
// is killed. On Linux that holds for whatever a command started, also if it left the group or its parent ended; elsewhere what
// leaves the group escapes. A command that ends by itself ends its step, even if it left something running in the background
// that holds its output; what that prints later is lost. A command that asks for the terminal behind davit's back (/dev/tty) is
// in the background of it and is stopped by the system; it has to be interactive.
//
// A "shell" step is a POSIX script that davit interprets itself, so that it means the same on every system. It runs under
// "set -e": the first command that fails ends it, as with make, where each line must succeed, and no failure is lost in a script
// that somebody wrote over two lines. What it left in the background is stopped when it ends; "wait" waits for it.
//
// A secret is the value of a variable of its command, or a file that only the user may read, in a folder for temporary files, which is
// removed when the command has ended. What a step prints on a terminal that it owns is seen by nobody else, so nothing is hidden of it.
//
// A "write" step shows the difference before it writes a file, writes it in one piece, and never out of the project.
//
// Tools are asked for their versions once: the answer is kept for as long as the program, the way to ask, and whatever a version
// manager looks at (.tool-versions, go.mod, RUSTUP_TOOLCHAIN, …) stay the same.
package host

import (
	"context"
	"os"
	"path/filepath"
	"sync"
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
	// Stdin, Stdout and Stderr are what an interactive step gets; nil is nothing. Stdout and Stderr are only given away where
	// they are terminals: else what the step prints becomes events.
	Stdin, Stdout, Stderr *os.File
	// Kill, once closed, ends all patience: processes that were asked to end are killed. It is the second Ctrl-C.
	Kill <-chan struct{}
	// Grace is how long a process may take to end after it was interrupted; 0 is ten seconds.
	Grace time.Duration
	// Files are those of the project, which inputs are looked up in when a probe is remembered.
	Files []string
	// Store keeps what probes found; nil asks anew each time.
	Store *cache.Store
	// Force asks anew.
	Force bool
	// Secrets are the values that steps may ask for, by id.
	Secrets map[string][]byte
}

// Runner runs steps as local processes.
type Runner struct {
	o      Options
	groups groups
	mu     sync.Mutex
	pins   map[string]string
	asked  map[string]*answer
}

var _ runner.Runner = (*Runner)(nil)

// New returns a Runner for one project.
func New(o Options) *Runner {
	if o.Grace == 0 {
		o.Grace = 10 * time.Second
	}
	if o.Store == nil {
		o.Store = cache.Open("", cache.Options{})
	}
	return &Runner{o: o, pins: map[string]string{}, asked: map[string]*answer{}}
}

// Run does one step.
func (r *Runner) Run(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	if s.Plan.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, time.Duration(s.Plan.Timeout)*time.Second, errTimeout)
		defer cancel()
	}
	if reason, skip := r.unless(ctx, s); skip {
		return runner.Result{Status: ui.StatusSkipped, Reason: reason}
	}
	s, remove, err := r.withSecrets(withReport(s))
	defer remove()
	if err != nil {
		return failed(1, err.Error())
	}
	switch s.Plan.Op {
	case plan.OpExec:
		return r.exec(ctx, s, emit)
	case plan.OpShell:
		return r.shell(ctx, s, emit)
	case plan.OpWrite:
		return r.write(s, emit)
	}
	return failed(2, engineError(s).Error())
}

// dir is the folder that a step runs in.
func (r *Runner) dir(s runner.Step) string {
	return filepath.Join(r.o.Root, filepath.FromSlash(s.Plan.Dir))
}
