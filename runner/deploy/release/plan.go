package release

import "strings"

// The kinds of changes.
const (
	Create  = "create"
	Replace = "replace" // new containers for the old ones
	Update  = "update"  // without new containers for those that are there: how many there are
	Delete  = "delete"
	Restart = "restart" // the same containers, started again, since what they need is another
)

// Plan is what a deploy would do.
type Plan struct {
	Changes []Change `json:"changes"`
	// Retained are the volumes that no service has any more, or that are to be others: they stay as they are until their deletion is asked for.
	Retained []Change `json:"retained,omitempty"`
	// Base is the sum of the live model that the plan was made on: another one later means that the environment has moved.
	Base string `json:"base"`
}

// Change is what happens to one thing.
type Change struct {
	// Kind is Create, Replace, Update, Delete or Restart.
	Kind string `json:"kind"`
	// Subject is "service", "network" or "volume", and Name its name in the Compose file.
	Subject string `json:"subject"`
	Name    string `json:"name"`
	// Fields that force it.
	Fields []Difference `json:"fields,omitempty"`
	// Detail says in what way: "start-first", or why there is an interruption.
	Detail string `json:"detail,omitempty"`
}

// present is what has no text to differ by: an element of a list, a network.
const present = "there"

// Interrupts tells whether a service is away while it is replaced.
func (c Change) Interrupts() bool { return strings.HasPrefix(c.Detail, "stop-first") }

// Difference is one field that differs; a side that is absent is empty, and one that has no text is "there".
type Difference struct {
	Path   string `json:"path"`
	Before string `json:"before"`
	After  string `json:"after"`
	// Container is the one that differs, where its service has others that do not, and for files.
	Container string `json:"container,omitempty"`
	// Drift says that the engine has something else than the last release; otherwise the release is to change.
	Drift bool `json:"drift,omitempty"`
}

// Empty tells whether there is nothing to do.
func (p Plan) Empty() bool { return len(p.Changes) == 0 }
