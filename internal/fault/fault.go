// Package fault classifies errors by what they mean to the caller of davit: whether something was started,
// and whether anything changed.
//
// The category of an error is known where it arises; the command line alone maps it to an exit code. The
// names follow the status codes of gRPC. An error without a category is one of something that was started and
// failed.
package fault

import (
	"errors"
	"fmt"
)

// A Category is what an error means to the caller.
type Category int

// The categories.
const (
	Failed Category = iota // something was started and did not succeed
	// what was asked for does not exist or is not possible; nothing was changed
	FailedPrecondition
	Refused      // it is done only when an option allows it; nothing was changed
	Pending      // no error: something would be changed
	Interrupted  // Ctrl-C
	Terminated   // SIGTERM
	HungUp       // SIGHUP, as of a terminal that was closed
	OutputClosed // the reader of the output has ended, as in davit test | head
)

// Of returns the category of an error, or of the first error that it wraps and that has one.
func Of(err error) Category {
	var c interface{ Category() Category }
	if errors.As(err, &c) {
		return c.Category()
	}
	return Failed
}

// ChangedNothing reports whether the category of an error implies that nothing was changed.
func ChangedNothing(err error) bool {
	return err != nil && (Of(err) == FailedPrecondition || Of(err) == Refused)
}

// Precondition is embedded in error types of the category FailedPrecondition.
type Precondition struct{}

// Category returns FailedPrecondition.
func (Precondition) Category() Category { return FailedPrecondition }

// Refusal is embedded in error types of the category Refused.
type Refusal struct{}

// Category returns Refused.
func (Refusal) Category() Category { return Refused }

// An Error is one sentence for a person, with the next command to type and a category.
type Error struct {
	Reason string
	Next   string
	Code   Category
}

func (e *Error) Error() string { return e.Reason }

// Hint returns the next command to type, or "".
func (e *Error) Hint() string { return e.Next }

// Category returns the category of the error.
func (e *Error) Category() Category { return e.Code }

// Preconditionf returns an error of the category FailedPrecondition. The hint is the next command to type.
func Preconditionf(hint, format string, args ...any) error {
	return &Error{Reason: fmt.Sprintf(format, args...), Next: hint, Code: FailedPrecondition}
}

// Refusef returns an error of the category Refused. The hint is the next command to type.
func Refusef(hint, format string, args ...any) error {
	return &Error{Reason: fmt.Sprintf(format, args...), Next: hint, Code: Refused}
}
