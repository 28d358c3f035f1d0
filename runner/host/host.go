// Package host runs steps as processes of this machine, as make does: a command inherits the caller's
// environment, with what its step adds.
//
// Output becomes events and input is empty, unless a step is interactive: then it gets the caller's streams
// and, if they are a terminal, its foreground. A command that opens the terminal itself (/dev/tty) is in the
// background and is stopped by the system; such a step has to be interactive. Output on a terminal that a
// step owns is not masked.
//
// Each command has its own process group. When its context ends, the group gets the signal that davit got,
// which is the *fault.StopError that is the cause of the context; after a timeout or the failure of another
// step it is interrupted as by Ctrl-C in a shell. After ten seconds, or at the second signal, it is killed.
// On Linux that covers everything that a command started, even if it left the group or its parent ended;
// elsewhere what leaves the group escapes. When a command ends by itself its step ends, even if something in
// the background still holds its output; what that prints later is lost.
//
// A "shell" step is run by sh -e: the first sh on the caller's PATH that is not in the project, else /bin/sh.
// Its process group is that of all its commands, so that an interactive script shares its terminal with them.
// What it leaves in the group when it ends is terminated, except on Windows; "wait" waits for it. Where a
// system has no sh, davit interprets the script, each command in a group of its own, and Prepare refuses what
// the interpreter cannot do. On Windows the interpreter has some programs itself: see utilityNames. Prepare also refuses what sh cannot parse.
//
// A "write" step shows the difference before it writes a file, writes it atomically, and never outside the
// project.
//
// A secret is a variable of its command, or a file in a temporary folder that only the user can read and that
// is removed when the command has ended.
//
// Looking at tools runs nothing that the repository brings: see outside.
//
// Versions of tools are cached while the program, the way to ask, and whatever a version manager reads
// (.tool-versions, go.mod, RUSTUP_TOOLCHAIN, …) stay the same.
package host

import (
	"context"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// Options are the options of New.
type Options struct {
	// Root is the absolute path of the project.
	Root string
	// Env is the caller's environment, "NAME=value", which commands inherit.
	Env []string
	// Strict passes runner.StrictVariables and those that a step declares, instead of all of Env.
	Strict bool
	// Stdin, Stdout and Stderr are the streams of interactive steps; nil is none. Stdout and Stderr are only
	// passed on if they are terminals; otherwise output becomes events.
	Stdin, Stdout, Stderr *os.File
	// Kill, once closed, ends the time of grace: processes that were asked to end are killed. It is the
	// second signal.
	Kill <-chan struct{}
	// Grace is how long a process may take to end after a signal; 0 is ten seconds.
	Grace time.Duration
	// Store caches the answers of tools; nil caches none.
	Store *cache.Store
	// Force ignores cached answers.
	Force bool
	// Locked refuses to fill environments.
	Locked bool
	// Secrets are the values that steps may ask for, by id.
	Secrets map[string][]byte
	// Wrap, if it is not nil, changes the process of a step before it is started: davit audit traces it.
	Wrap func(runner.Step, *exec.Cmd)
}

// A Runner runs steps as local processes.
type Runner struct {
	o      Options
	groups groups
	sh     func() (path string, ok bool) // the system's; see findSh
	// utilities are the programs that an interpreted script has without the system; nil is none.
	utilities middleware
	// workTree is the folder of the repository that the project is in.
	workTree func() string
	brought  sync.Map // folders of PATH, and whether the repository brings them
	mu       sync.Mutex
	pins     map[string]pins
	asked    map[string]*answer
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
	r := &Runner{o: o, utilities: systemUtilities, pins: map[string]pins{}, asked: map[string]*answer{}}
	r.sh = sync.OnceValues(r.findSh)
	r.workTree = sync.OnceValue(func() string { return tree.WorkTree(o.Root) })
	return r
}

// Run runs one step.
func (r *Runner) Run(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	if s.Plan.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, time.Duration(s.Plan.Timeout)*time.Second, errTimeout)
		defer cancel()
	}
	if reason, skip := r.provided(ctx, s); skip {
		return runner.Result{Status: ui.StatusSkipped, Reason: reason}
	}
	if s.Plan.Provides != nil && r.o.Locked {
		return notInstalled(s)
	}
	if err := runner.FolderLanding(r.o.Root, path.Clean(s.Plan.Dir)); err != nil {
		return failed(1, "the folder that it runs in: "+err.Error())
	}
	if err := r.writable(s); err != nil {
		return failed(1, err.Error())
	}
	s, remove, err := r.withSecrets(withReport(s))
	defer remove()
	if err != nil {
		return failed(1, err.Error())
	}
	if failure, upToDate := r.upToDate(ctx, s); upToDate {
		return failure
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

// dir returns the folder that a step runs in.
func (r *Runner) dir(s runner.Step) string {
	return filepath.Join(r.o.Root, filepath.FromSlash(s.Plan.Dir))
}

// existingDir is dir or, for a folder that a step is about to make, the project.
func (r *Runner) existingDir(s runner.Step) string {
	if dir := r.dir(s); isDir(dir) {
		return dir
	}
	return r.o.Root
}
