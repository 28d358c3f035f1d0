package release

import "fmt"

// A Conflict is a port or a name that the environment needs and another owner already holds.
type Conflict struct {
	// Service needs it; empty where a network or a volume does.
	Service string `json:"service,omitempty"`
	// Field is the path in the model, "ports.80/tcp", and Wants its value.
	Field string `json:"field"`
	Wants string `json:"wants"`
	// Owner holds it: `project "other"`, `a program on this machine`.
	Owner string `json:"owner"`
	// Port says that it is a port, and that the engine could choose another one instead.
	Port bool `json:"port,omitempty"`
}

func (c Conflict) String() string {
	switch {
	case c.Port:
		return fmt.Sprintf("service %q needs port %s, which %s uses", c.Service, c.Wants, c.Owner)
	case c.Service != "":
		return fmt.Sprintf(
			"service %q needs the container name %q, which %s uses", c.Service, c.Wants, c.Owner)
	}
	return fmt.Sprintf("%s needs the name %q, which %s uses", c.Field, c.Wants, c.Owner)
}

// PortReassignment returns a sentence about a port that is left to its owner.
func (c Conflict) PortReassignment() string {
	return fmt.Sprintf("%s: port %s is taken by %s, so any free port is used", c.Service, c.Wants, c.Owner)
}

// ContainerNames returns the names that the containers of a service get: the one that its Compose file says,
// or those with a number.
func (m Model) ContainerNames(service string) (names []string) {
	s := m.Services[service]
	if name := s.Fields["compose.container_name"]; name != "" {
		return []string{name}
	}
	for n := range s.Replicas {
		names = append(names, fmt.Sprintf("%s-%s-%d", m.Project, service, n+1))
	}
	return names
}
