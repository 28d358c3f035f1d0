package app

import "fmt"

// The exit codes of davit.
const (
	ExitFailed      = 1   // a step failed, a plugin or its plan is bad
	ExitUsage       = 2   // what davit was asked for is not there or not possible; nothing was run
	ExitPending     = 3   // davit plan --exit-code: something would be changed
	ExitRefused     = 4   // davit will not, unless it is told to
	ExitInterrupted = 130 // Ctrl-C
)

// Error is one sentence for a person, the next thing to do and the exit code.
type Error struct {
	Reason string
	Next   string
	Code   int
}

func (e *Error) Error() string { return e.Reason }

// Hint is the next command to type, or "".
func (e *Error) Hint() string { return e.Next }

// ExitCode is the exit code of a davit that ends with the error.
func (e *Error) ExitCode() int { return e.Code }

func usage(hint, format string, args ...any) error {
	return &Error{Reason: fmt.Sprintf(format, args...), Next: hint, Code: ExitUsage}
}

func refused(hint, format string, args ...any) error {
	return &Error{Reason: fmt.Sprintf(format, args...), Next: hint, Code: ExitRefused}
}
