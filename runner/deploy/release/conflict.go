package release

import "fmt"

// Conflict is one thing that an environment wants for itself and that somebody else has: a port of the machine, a name on the engine.
type Conflict struct {
	// Service that wants it; empty where a network or a volume does.
	Service string `json:"service,omitempty"`
	// Field of the model that says so, "ports.80/tcp", and what it wants there.
	Field string `json:"field"`
	Wants string `json:"wants"`
	// Owner has it: `project "other"`, `a program on this machine`.
	Owner string `json:"owner"`
	// Port tells that it is a port, in the place of which the engine could choose another one.
	Port bool `json:"port,omitempty"`
}

func (c Conflict) String() string {
	switch {
	case c.Port:
		return fmt.Sprintf("service %q needs port %s, which %s uses", c.Service, c.Wants, c.Owner)
	case c.Service != "":
		return fmt.Sprintf("service %q needs the container name %q, which %s uses", c.Service, c.Wants, c.Owner)
	}
	return fmt.Sprintf("%s needs the name %q, which %s uses", c.Field, c.Wants, c.Owner)
}

// PortReassignment returns a sentence about a port that is left to its owner.
func (c Conflict) PortReassignment() string {
	return fmt.Sprintf("%s: port %s is taken by %s, so any free port is used", c.Service, c.Wants, c.Owner)
}
