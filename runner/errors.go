package runner

import (
	"errors"
	"fmt"

	"github.com/davit-dev/davit/internal/fault"
)

// An EngineError says that a step needs a container engine, and that this runner has none. A caller that can
// start an engine does so on this error.
type EngineError struct {
	fault.Precondition
	// Step is the id of the step; empty for a command that needs an engine.
	Step string
	// Reason is why the step needs an engine, "assembles an image", or the name of the command, "davit
	// engine".
	Reason string
	// Missing are the tools that this machine lacks, if the step would run here with them; else nil.
	Missing error
	// Dispensable says that a step would run here without an engine, in another version than the project pins.
	Dispensable bool
}

func (e *EngineError) Error() string {
	if e.Step == "" {
		return e.Reason + " needs a container engine, and there is none here"
	}
	if e.Missing != nil {
		return e.Missing.Error() + "; there is no container engine here to run it instead"
	}
	return fmt.Sprintf("step %q %s, which needs a container engine, and there is none here", e.Step, e.Reason)
}

// Hint returns the next thing to do.
func (e *EngineError) Hint() string {
	var h interface{ Hint() string }
	switch {
	case errors.As(e.Missing, &h):
		return h.Hint()
	case e.Reason == ReasonInContainer:
		return "leave out --on container, or the line on = \"container\" in project.toml, to run it on this machine"
	}
	return "this davit has no container engine: choose targets that need none"
}

// ReasonInContainer is the reason of a step that was told to run in a container and could run without one.
const ReasonInContainer = "is to run in a container"

// A GraphError says that steps do not make a graph.
type GraphError struct{ Reason string }

func (e *GraphError) Error() string { return e.Reason }
