package runner

import (
	"context"

	"github.com/davit-dev/davit/internal/ui"
)

// A Runner runs steps in one place: on this machine or in containers.
type Runner interface {
	// Prepare checks, before anything runs, that every step can be run: its tool is installed in a version
	// that it accepts. It returns what identifies the tool of each step. The steps come in the order of their
	// graph, each behind all that it needs.
	Prepare(ctx context.Context, steps []Step) (Versions, error)
	// Run runs one step, which was prepared, and waits for its end. It emits a ui.StatusRunning event when
	// the command of the step has started, and events for its output; the last status is the Result. It may
	// be called by several goroutines at once.
	//
	// When ctx ends, Run stops whatever the step started before it returns, with the status "cancelled".
	Run(ctx context.Context, s Step, emit func(ui.Event)) Result
}

// Versions identify the tools of steps, by the id of the step: a version, or the digest of an image.
type Versions map[string]string

// A Result is how a step ended.
type Result struct {
	// Status is one of the ui.Status words, except running and not-run.
	Status string
	// Reason says why, in a few words: "exit status 1", "pytest is already installed".
	Reason string
	// Hint is the next thing to do, if there is one.
	Hint string
	// Exit is the exit code of the command; for one that was killed 128 plus the number of the signal.
	Exit int
	// Image is the image that the step made or pushed, by digest: "registry.example.com/team/shop@sha256:…".
	Image string
	// LocalName is a name by which the Docker engine of the step has the image, and docker run takes it: "shop:1.2"; empty
	// if none has it.
	LocalName string
	// Tests are the tests that the step ran; nil if that is not known.
	Tests *ui.Tests
	// Uncounted means that an engine had the result of an earlier run, but not what counted its tests.
	Uncounted bool
	// Untested are the folders with tests of which it ran none.
	Untested []string
	// Reports are those that it left, converted, by the names of their files.
	Reports map[string][]byte
	// Doubt is why a success is not to be kept, or "".
	Doubt string
}

// OK reports whether the steps that need this one may start.
func (r Result) OK() bool {
	return r.Status == ui.StatusOK || r.Status == ui.StatusCached || r.Status == ui.StatusSkipped
}
