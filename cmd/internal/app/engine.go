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

// needEngine returns an error about the first step that cannot be done by this davit, which has no engine linked in: the sign to
// hand over to the one that has.
func (p *Project) needEngine(job *Job, lacking host.MissingToolsError) error {
	for _, s := range job.Graph.Steps() {
		switch {
		case len(s.Plan.Services) > 0 && p.OpenServices == nil:
			return &runner.EngineError{Step: s.ID, Reason: "uses the services " + strings.Join(s.Plan.Services, ", ")}
		case p.Engine != nil || s.Where != runner.InContainer:
			continue
		}
		fault := &runner.EngineError{Step: s.ID, Reason: runner.ReasonInContainer}
		switch {
		case engines(s):
			fault.Reason = "makes an image"
		case len(lacking) > 0:
			fault.Missing = lacking
		}
		return fault
	}
	return nil
}

// needAgent returns an error about a step in a container that wants the caller's ssh agent, where there is none. On the host, ssh
// may do without one.
func (p *Project) needAgent(job *Job) error {
	for _, s := range job.Graph.Steps() {
		if s.Plan.SSH && s.Where == runner.InContainer && !engines(s) && p.env("SSH_AUTH_SOCK") == "" {
			return usage(`eval "$(ssh-agent)" && ssh-add starts one`, "step %q needs an ssh agent, and the variable SSH_AUTH_SOCK is not set", s.ID)
		}
	}
	return nil
}

// EngineUnavailableError is why a step that would have run on the host, had it its tool, cannot run in a container either.
type EngineUnavailableError struct {
	fault.Precondition
	Lacking error // what the host has not
	Engine  error // why there is no container
}

// NewEngineUnavailableError joins the two; with no tool lacking it is the other error alone.
func NewEngineUnavailableError(lacking, engine error) error {
	if lacking == nil || engine == nil || errors.Is(engine, context.Canceled) {
		return engine
	}
	return &EngineUnavailableError{Lacking: lacking, Engine: engine}
}

func (e *EngineUnavailableError) Error() string {
	return e.Lacking.Error() + "; to run in a container instead: " + e.Engine.Error()
}

// Hint is how to get either.
func (e *EngineUnavailableError) Hint() string {
	var hints []string
	for _, err := range []error{e.Lacking, e.Engine} {
		var h ui.Hinter
		if errors.As(err, &h) && h.Hint() != "" {
			hints = append(hints, h.Hint())
		}
	}
	return strings.Join(hints, "; or: ")
}

// instead is containers in which steps run whose tools the host lacks.
type instead struct {
	runner.Containers
	lacking host.MissingToolsError
}

// Prepare says both of what is missing.
func (i *instead) Prepare(ctx context.Context, steps []runner.Step) (runner.Versions, error) {
	versions, err := i.Containers.Prepare(ctx, steps)
	return versions, NewEngineUnavailableError(i.lacking, err)
}
