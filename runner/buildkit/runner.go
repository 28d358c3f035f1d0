package buildkit

import (
	"context"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// Runner runs the steps of one project in containers.
type Runner struct {
	engine *Engine
	o      runner.ContainerOptions
	conn   *connection
}

// Prepare connects to the engine and resolves the images of all steps.
func (r *Runner) Prepare(ctx context.Context, steps []runner.Step) (runner.Versions, error) {
	var err error
	r.conn, err = r.engine.connect(ctx)
	return runner.Versions{}, err
}

// Run does one step.
func (r *Runner) Run(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	return runner.Result{Status: ui.StatusFailed, Reason: "it cannot be run in a container"}
}

// Close ends the session.
func (r *Runner) Close() error { return nil }
