package fault

import (
	"context"
	"errors"
)

// A StopError is the cause of a context that ends because davit as a whole is to end. It counts as
// context.Canceled, since libraries return the cause of a context in place of that.
type StopError struct{ code Category }

// stopReasons are the categories of a StopError, with what is printed.
var stopReasons = map[Category]string{
	Interrupted: "interrupted", Terminated: "terminated", HungUp: "hung up", OutputClosed: "output closed",
}

// NewStop returns the StopError of one of the categories Interrupted, Terminated, HungUp and OutputClosed.
func NewStop(c Category) *StopError { return &StopError{c} }

// StopOf returns what ended a context: its cause if that is a StopError, else one of the category
// Interrupted.
func StopOf(ctx context.Context) *StopError {
	if s, ok := errors.AsType[*StopError](context.Cause(ctx)); ok {
		return s
	}
	return NewStop(Interrupted)
}

func (s *StopError) Error() string { return stopReasons[s.code] }

// Category returns the category.
func (s *StopError) Category() Category { return s.code }

// Is reports whether a StopError counts as another error, which it does for context.Canceled.
func (s *StopError) Is(target error) bool { return target == context.Canceled }

// Stops reports whether davit as a whole was to end.
func (c Category) Stops() bool { return stopReasons[c] != "" }
