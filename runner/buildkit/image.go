package buildkit

import (
	"context"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

func (r *Runner) image(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	return runner.Result{Status: ui.StatusFailed, Reason: "images cannot be assembled yet"}
}

func (r *Runner) push(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	return runner.Result{Status: ui.StatusFailed, Reason: "images cannot be pushed yet"}
}
