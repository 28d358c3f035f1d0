package app

import (
	"context"
	"errors"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/host"
)

// needEngine returns an error about the first step that needs a container engine, if this davit has none
// linked in. The caller then hands over to davit-engine.
func (p *Project) needEngine(job *Job, lacking host.MissingToolsError) error {
	for _, s := range job.Graph.Steps() {
		switch {
		case len(s.Plan.Services) > 0 && p.OpenServices == nil:
			return &runner.EngineError{Step: s.ID,
				Reason: "uses the services " + strings.Join(s.Plan.Services, ", ")}
		case p.Engine != nil || s.Where != runner.InContainer:
			continue
		}
		fault := &runner.EngineError{Step: s.ID, Reason: runner.ReasonInContainer, Dispensable: job.Moved}
		switch {
		case needsEngine(s):
			fault.Reason = "makes an image"
		case len(lacking) > 0:
			fault.Missing = lacking
		}
		return fault
	}
	return nil
}

// needAgent returns an error about a step in a container that needs the caller's ssh agent, if there is none.
// On the host, ssh works without one too.
func (p *Project) needAgent(job *Job) error {
	for _, s := range job.Graph.Steps() {
		if s.Plan.SSH && s.Where == runner.InContainer && !needsEngine(s) && p.env("SSH_AUTH_SOCK") == "" {
			return usage(`eval "$(ssh-agent)" && ssh-add starts one`,
				"step %q needs an ssh agent, and the variable SSH_AUTH_SOCK is not set", s.ID)
		}
	}
	return nil
}

// An EngineUnavailableError says that a step cannot run on the host, for want of a tool, nor in a container.
type EngineUnavailableError struct {
	fault.Precondition
	Missing error // the tools that the host does not have
	Engine  error // why no container runs
}

// NewEngineUnavailableError joins the two errors; with no tool missing it returns the other one alone.
func NewEngineUnavailableError(lacking, engine error) error {
	if lacking == nil || engine == nil || errors.Is(engine, context.Canceled) {
		return engine
	}
	return &EngineUnavailableError{Missing: lacking, Engine: engine}
}

func (e *EngineUnavailableError) Error() string {
	return e.Missing.Error() + "; to run in a container instead: " + e.Engine.Error()
}

// Hint returns how to get either.
func (e *EngineUnavailableError) Hint() string {
	var hints []string
	for _, err := range []error{e.Missing, e.Engine} {
		var h ui.Hinter
		if errors.As(err, &h) && h.Hint() != "" {
			hints = append(hints, h.Hint())
		}
	}
	return strings.Join(hints, "; or: ")
}

// fallbackContainers runs steps whose tools the host does not have.
type fallbackContainers struct {
	runner.Containers
	lacking host.MissingToolsError
}

// Prepare returns an error that names the missing tools too.
func (i *fallbackContainers) Prepare(ctx context.Context, steps []runner.Step) (runner.Versions, error) {
	versions, err := i.Containers.Prepare(ctx, steps)
	return versions, NewEngineUnavailableError(i.lacking, err)
}
