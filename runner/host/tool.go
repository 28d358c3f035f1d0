package host

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
)

// A ToolError says that a tool is missing, or is not of a version that the plan accepts.
type ToolError struct {
	fault.Precondition
	Name    string // of the tool
	Want    string // the constraint, or ""
	Path    string // where it was found, or ""
	Version string // that was found, or ""
	Reason  string // why it does not print its version, or ""
	Install string // how to get it, or ""
}

func (e *ToolError) Error() string {
	want := strings.TrimSpace(e.Name + " " + e.Want)
	switch {
	case e.Path == "":
		return want + " is needed, and is not in PATH"
	case e.Reason != "":
		return want + " is needed, and " + e.Path + " does not print its version: " + e.Reason
	}
	return want + " is needed, and " + e.Path + " is " + e.Version
}

// Hint returns how to get the tool.
func (e *ToolError) Hint() string { return e.Install }

// A MissingToolsError lists all the tools that steps need and that are not installed.
type MissingToolsError []*ToolError

func (m MissingToolsError) Error() string {
	var texts []string
	for _, e := range m {
		texts = append(texts, e.Error())
	}
	return strings.Join(texts, "; ")
}

// Unwrap returns the errors of the tools one by one.
func (m MissingToolsError) Unwrap() (all []error) {
	for _, e := range m {
		all = append(all, e)
	}
	return all
}

// Hint returns how to get the tools.
func (m MissingToolsError) Hint() string {
	var hints []string
	for _, e := range m {
		if e.Install != "" && !slices.Contains(hints, e.Install) {
			hints = append(hints, e.Install)
		}
	}
	return strings.Join(hints, "; ")
}
