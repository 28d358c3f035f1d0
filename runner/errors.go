package runner

import (
	"errors"
	"fmt"

	"github.com/davit-dev/davit/internal/fault"
)

// EngineError says that a step cannot be done without a container engine, and that this runner has none. Whoever can start an
// engine takes it as the sign to do so.
type EngineError struct {
	fault.Precondition
	// Step is the id of the step; empty where it is a command that needs an engine.
	Step string
	// Reason the step needs an engine: "assembles an image"; without a step it is the command: "davit engine".
	Reason string
	// Missing is what is missing on this machine, where the step would run with it; nil where it would not.
	Missing error
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

// Hint is the next thing to do.
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

// ReasonInContainer is why a step needs an engine that was asked to run in a container and need not.
const ReasonInContainer = "is to run in a container"

// GraphError says that steps do not make a graph.
type GraphError struct{ Reason string }

func (e *GraphError) Error() string { return e.Reason }
