package upgrade

import "context"

// A Subject is one kind of thing that an upgrade moves to newer versions.
type Subject struct {
	Name string
	// Propose returns what there is to move, and changes nothing; nil if the project has nothing of the kind.
	Propose func(context.Context) (*Proposal, error)
}

// The states of a Status.
const (
	Behind  = "behind"  // there is a newer version
	Current = "current" // there is none
	Unknown = "unknown" // it was not looked up; Reason says why
)

// A Status says what of a subject is behind.
type Status struct {
	// Subject is template, convention, plugins, images, tools or dependencies.
	Subject string `json:"subject"`
	// State is behind, current, or unknown where it is not looked up.
	State string `json:"state"`
	// Items are the versions that were looked at.
	Items []Item `json:"items,omitempty"`
	// Reason says why it is not looked up.
	Reason string `json:"reason,omitempty"`
}

// An Item is one thing with a version: a template, a plugin, an image, a tool.
type Item struct {
	Name string `json:"name"`
	// Current is the version that the project has, Newest the one that there is; empty where it is not looked up.
	Current string `json:"current"`
	Newest  string `json:"newest,omitempty"`
	// Reason says why it is not looked up, or not moved.
	Reason string `json:"reason,omitempty"`
}

// Moves reports whether an upgrade moves it.
func (i Item) Moves() bool { return i.IsBehind() && i.Reason == "" }

// IsBehind reports whether there is a newer version.
func (i Item) IsBehind() bool { return i.Newest != "" && i.Newest != i.Current }

// StatusOf returns the status of items: behind if one of them is, unknown if none was looked up.
func StatusOf(subject string, items []Item) Status {
	s := Status{Subject: subject, State: Unknown, Items: items}
	for _, i := range items {
		switch {
		case i.IsBehind():
			s.State = Behind
			return s
		case i.Newest != "":
			s.State = Current
		}
	}
	return s
}

// A Proposal is what an upgrade of a subject would do.
type Proposal struct {
	Status
	// Changes are what becomes of the files; nil if only moving it shows that.
	Changes []Change
	// Besides are the changes of files that davit keeps for itself, which are written last and not shown.
	Besides []Change
	// Dir is the folder that the paths of the changes are relative to.
	Dir string
	// Move moves the subject; nil if there is nothing to move, or no way to.
	Move func(context.Context) error
	// Conflict is the error about lines that the user has to merge, once it is moved.
	Conflict error
}

// A Change is what becomes of one file.
type Change struct {
	Path string `json:"path"`
	// Action is create, update or delete, and for a template merge, conflict or keep too.
	Action string `json:"action"`
	// Reason says why a file stays as it is.
	Reason string `json:"reason,omitempty"`
	// Was and Now are the contents; nil for a file that is missing.
	Was []byte `json:"-"`
	Now []byte `json:"-"`
}

// The actions of a Change that every subject has.
const (
	Create = "create"
	Update = "update"
	Delete = "delete"
)

// Updates returns the change of a file that is written anew; none if it stays as it is. The content of a missing file is
// empty.
func Updates(path string, was, now []byte) []Change {
	switch {
	case string(was) == string(now):
		return nil
	case len(was) == 0:
		return []Change{{Path: path, Action: Create, Now: now}}
	}
	return []Change{{Path: path, Action: Update, Was: was, Now: now}}
}
