package release

import (
	"bytes"
	"encoding/json"
)

// A Plan is what a deploy would change.
type Plan struct {
	Changes []Change `json:"changes"`
	// Retained are the volumes that no service has any more, or that would have to be recreated. They stay as
	// they are until their deletion is asked for.
	Retained []Change `json:"retained,omitempty"`
	// Skipped are the services that a rollback does not run again.
	Skipped []Change `json:"skipped,omitempty"`
	// Base is the sum of the live model that the plan was made for. If it differs later, the environment has
	// changed.
	Base string `json:"base"`
}

// A Change is what happens to one thing.
type Change struct {
	// Kind is what happens.
	Kind ChangeKind `json:"kind"`
	// Subject is the kind of thing, and Name its name in the Compose file.
	Subject Subject `json:"subject"`
	Name    string  `json:"name"`
	// Fields are the differences that force it.
	Fields []Difference `json:"fields,omitempty"`
	// Strategy is how new containers replace old ones.
	Strategy Strategy `json:"strategy,omitempty"`
	// Interruption says that requests may fail during a replacement that is not stop-first.
	Interruption bool `json:"interruption,omitempty"`
	// Detail says what else there is to know, such as why there is an interruption.
	Detail string `json:"detail,omitempty"`
}

// Interrupts reports whether requests may fail while a service is replaced.
func (c Change) Interrupts() bool { return c.Strategy == StopFirst || c.Interruption }

// Description returns the strategy and the detail for a reader: "stop-first: its port is fixed, 8080".
func (c Change) Description() string {
	if c.Strategy == "" || c.Detail == "" {
		return string(c.Strategy) + c.Detail
	}
	return string(c.Strategy) + ": " + c.Detail
}

// A Difference is one field that differs.
type Difference struct {
	Path   string `json:"path"`
	Before Value  `json:"before"`
	After  Value  `json:"after"`
	// Container is the one that differs, where its service has others that do not, and for files.
	Container string `json:"container,omitempty"`
	// Drift says that the engine differs from the last release. Otherwise the release itself changes.
	Drift bool `json:"drift,omitempty"`
}

// Equal reports whether two plans change the same.
func (p Plan) Equal(other Plan) bool {
	a, _ := json.Marshal(p) // texts always marshal
	b, _ := json.Marshal(other)
	return bytes.Equal(a, b)
}

// CreatesResources reports whether a plan creates all networks and volumes of a model: none of them is there yet.
func (p Plan) CreatesResources(m Model) bool {
	created := map[Subject]map[string]bool{SubjectNetwork: {}, SubjectVolume: {}}
	for _, c := range p.Changes {
		if c.Kind == Create && created[c.Subject] != nil {
			created[c.Subject][c.Name] = true
		}
	}
	for subject, wanted := range map[Subject]map[string]Fields{SubjectNetwork: m.Networks, SubjectVolume: m.Volumes} {
		for name, f := range wanted {
			if f["external"] == "" && !created[subject][name] {
				return false
			}
		}
	}
	return true
}

// Empty reports whether there is nothing to do.
func (p Plan) Empty() bool { return len(p.Changes) == 0 }
