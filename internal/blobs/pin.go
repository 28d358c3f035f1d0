package blobs

import (
	"fmt"

	"github.com/davit-dev/davit/internal/fault"
)

// A PinError says why what a project pins is not used.
type PinError struct {
	Kind Kind
	// Name is how the project calls it.
	Name string
	// Reason is the rest of a sentence about it.
	Reason, next string
	absent       bool // no file has its name
	unsigned     bool // and a signature is required
}

// Category returns that it is refused, or cannot be used as it is.
func (e *PinError) Category() fault.Category {
	if e.unsigned {
		return fault.Refused
	}
	return fault.FailedPrecondition
}

// NewUnsignedError returns the error about a blob whose signature is required, and was not verified on this machine. There
// says that the project or this machine has signatures of it.
func NewUnsignedError(name string, b Blob, prefix string, there bool) *PinError {
	fetch := "davit " + string(b.Kind) + " fetch"
	next := fetch + " looks for one and verifies it"
	if there {
		next = fmt.Sprintf("davit --offline %s fetch verifies those that are there, and %s looks for others", b.Kind, fetch)
	}
	return &PinError{Kind: b.Kind, Name: name, next: next, unsigned: true,
		Reason: fmt.Sprintf("(%s) has no signature that was verified here, and [trust] requires one for %q", Short(b.Digest), prefix)}
}

// NewUnpinnedError returns the error about what project.lock does not pin.
func NewUnpinnedError(kind Kind, name, ref string) *PinError {
	next := "davit convention update pins and downloads it"
	if kind == Plugin {
		next = "davit plugin update " + name + " pins and downloads it"
	}
	return &PinError{Kind: kind, Name: name, next: next, Reason: fmt.Sprintf("is not pinned: project.lock has no digest of %q", ref)}
}

func (e *PinError) Error() string { return fmt.Sprintf("%s %q %s", e.Kind, e.Name, e.Reason) }

// Hint returns the next command.
func (e *PinError) Hint() string { return e.next }
