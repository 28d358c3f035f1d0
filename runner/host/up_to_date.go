package host

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// upToDate asks whether the command of a check would do nothing, and returns the failure that this is. A
// question that cannot be asked is not answered with yes.
func (r *Runner) upToDate(ctx context.Context, s runner.Step) (failure runner.Result, upToDate bool) {
	argv := s.UpToDate()
	if len(argv) == 0 || !r.hasOneOf(s.Plan.UpToDate.Files) {
		return runner.Result{}, false
	}
	env := r.env(s)
	path, ok := r.lookPath(argv[0], env)
	if !ok || !r.hasDir(s) {
		return runner.Result{}, false
	}
	state, stopped, err := r.run(ctx, command{path: path, argv: argv, dir: r.dir(s), env: env,
		stdout: &buffer{}, stderr: &buffer{}})
	if err != nil || stopped || state.ExitCode() != 0 {
		return runner.Result{}, false
	}
	return runner.Result{Status: ui.StatusFailed, Exit: 1, Reason: runner.UpToDateReason(s),
		Hint: s.Plan.UpToDate.Hint}, true
}

// hasOneOf reports whether one of the files of the project exists; yes, if there are none.
func (r *Runner) hasOneOf(names []string) bool {
	return len(names) == 0 || slices.ContainsFunc(names, func(name string) bool {
		_, err := os.Stat(filepath.Join(r.o.Root, filepath.FromSlash(name)))
		return err == nil
	})
}
