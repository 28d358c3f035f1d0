package runner

import (
	"context"
	"maps"
	"slices"

	"github.com/davit-dev/davit/internal/ui"
)

// Router is a Runner that has each step run where its Where says.
type Router struct {
	host       Runner
	containers Containers // nil where no engine is linked in
	opened     bool
}

// NewRouter routes steps to the host or to containers. The containers, which may be nil, are not asked for anything, and no engine
// is looked for, unless a step runs there.
func NewRouter(host Runner, containers Containers) *Router {
	return &Router{host: host, containers: containers}
}

// Prepare has each place prepare for its own steps. The host comes first, since it is the faster one to say no. Containers are
// told of all steps: of those on the host what they make, which goes there too.
func (p *Router) Prepare(ctx context.Context, steps []Step) (Versions, error) {
	here, there := split(steps)
	versions := Versions{}
	found, err := p.host.Prepare(ctx, here)
	maps.Copy(versions, found)
	if err != nil || len(there) == 0 {
		return versions, err
	}
	if p.containers == nil {
		return versions, &EngineError{Step: there[0].ID, Why: ToBeContained}
	}
	p.opened = true
	found, err = p.containers.Prepare(ctx, told(steps))
	maps.Copy(versions, found)
	return versions, err
}

// told are steps as containers are told of them: how those on the host are run is no business of theirs.
func told(steps []Step) []Step {
	steps = slices.Clone(steps)
	for i, s := range steps {
		if s.Where != InContainer {
			steps[i].Plan.Argv, steps[i].Plan.Script = nil, ""
		}
	}
	return steps
}

// split parts the steps of the host from those of containers.
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

// Run does a step where it belongs.
func (p *Router) Run(ctx context.Context, s Step, emit func(ui.Event)) Result {
	if s.Where == InContainer {
		return p.containers.Run(ctx, s, emit)
	}
	return p.host.Run(ctx, s, emit)
}

// Close ends the work with the engine, if there was any.
func (p *Router) Close() error {
	if !p.opened {
		return nil
	}
	return p.containers.Close()
}
