package runner

import (
	"context"
	"maps"
	"slices"

	"github.com/davit-dev/davit/internal/ui"
)

// A Router is a Runner that runs each step where its Where says.
type Router struct {
	host       Runner
	containers Containers // nil if no engine is linked in
	opened     bool
}

// NewRouter routes steps to the host or to containers. The containers, which may be nil, are not used, and no
// engine is looked for, unless a step runs there.
func NewRouter(host Runner, containers Containers) *Router {
	return &Router{host: host, containers: containers}
}

// Prepare prepares each place for its own steps. The host comes first, since it fails faster. The containers
// get all steps: what those on the host make is copied into containers.
func (r *Router) Prepare(ctx context.Context, steps []Step) (Versions, error) {
	here, there := split(steps)
	versions := Versions{}
	found, err := r.host.Prepare(ctx, here)
	maps.Copy(versions, found)
	if err != nil || len(there) == 0 {
		return versions, err
	}
	if r.containers == nil {
		return versions, &EngineError{Step: there[0].ID, Reason: ReasonInContainer}
	}
	r.opened = true
	found, err = r.containers.Prepare(ctx, withoutHostCommands(steps))
	maps.Copy(versions, found)
	return versions, err
}

// withoutHostCommands returns the steps as containers get them: without the commands of steps on the host.
func withoutHostCommands(steps []Step) []Step {
	steps = slices.Clone(steps)
	for i, s := range steps {
		if s.Where != InContainer {
			steps[i].Plan.Argv, steps[i].Plan.Script = nil, ""
		}
	}
	return steps
}

// split separates the steps on the host from those in containers.
func split(steps []Step) (here, there []Step) {
	for _, s := range steps {
		if s.Where == InContainer {
			there = append(there, s)
		} else {
			here = append(here, s)
		}
	}
	return here, there
}

// Run runs a step on the host or in a container.
func (r *Router) Run(ctx context.Context, s Step, emit func(ui.Event)) Result {
	if s.Where == InContainer {
		return r.containers.Run(ctx, s, emit)
	}
	return r.host.Run(ctx, s, emit)
}

// Close disconnects from the engine, if one was used.
func (r *Router) Close() error {
	if !r.opened {
		return nil
	}
	return r.containers.Close()
}
