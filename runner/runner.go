package runner

import (
	"context"

	"github.com/davit-dev/davit/internal/ui"
)

// Runner does steps in one place: on this machine, in containers.
type Runner interface {
	// Prepare checks, before anything runs, that every step can be run: its tool is installed in a version that it
	// accepts. It returns what identifies the tool of each step, by the id of the step: its version, or the digest of
	// its image. The steps come in the order of their graph, each behind all that it needs.
	Prepare(ctx context.Context, steps []Step) (Versions, error)
	// Run does one step, which was prepared, and waits for its end. It emits a ui.StatusRunning event when the command of the
	// step has been started, and what it prints; the last status is the Result. It may be called by several goroutines at once.
	//
	// When ctx ends, whatever the step started is stopped before Run returns, with the status "cancelled".
	Run(ctx context.Context, s Step, emit func(ui.Event)) Result
}

// Versions are what identifies the tools of steps, by the id of the step.
type Versions map[string]string

// Result is how a step ended.
type Result struct {
	// Status is one of the ui.Status words but running and not-run.
	Status string
	// Reason says why, in a few words: "exit status 1", "pytest is already installed".
	Reason string
	// Hint is the next thing to do, where there is one.
	Hint string
	// Exit is the exit code of the command; 128 and the number of the signal for one that was killed.
	Exit int
	// Image is the image that the step made or pushed, by digest: "registry.example.com/team/shop@sha256:…".
	Image string
}

// OK tells whether what needs the step may start.
func (r Result) OK() bool {
	return r.Status == ui.StatusOK || r.Status == ui.StatusCached || r.Status == ui.StatusSkipped
}
