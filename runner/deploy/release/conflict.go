package release

import "fmt"

// Conflict is one thing that an environment wants for itself and that somebody else has: a port of the machine, a name on the engine.
type Conflict struct {
	// Service that wants it; empty where a network or a volume does.
	Service string `json:"service,omitempty"`
	// Field of the model that says so, "ports.80/tcp", and what it wants there.
	Field string `json:"field"`
	Wants string `json:"wants"`
	// Owner has it: `project "other"`, `a program of this machine`.
	Owner string `json:"owner"`
	// Port tells that it is a port, in the place of which the engine could choose another one.
	Port bool `json:"port,omitempty"`
}

func (c Conflict) String() string {
	switch {
	case c.Port:
		return fmt.Sprintf("service %q wants port %s, which %s has", c.Service, c.Wants, c.Owner)
	case c.Service != "":
		return fmt.Sprintf("service %q wants the container name %q, which %s has", c.Service, c.Wants, c.Owner)
	}
	return fmt.Sprintf("%s is to have the name %q, and one of %s has it", c.Field, c.Wants, c.Owner)
}

// Yields says that a port is left to its owner.
func (c Conflict) Yields() string {
	return fmt.Sprintf("%s: port %s is taken by %s: any free one instead", c.Service, c.Wants, c.Owner)
}
