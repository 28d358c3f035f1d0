package compose

import "fmt"

// refused is an error by which nothing was changed.
type refused struct {
	code         int
	reason, hint string
}

func (e *refused) Error() string { return e.reason }

// ExitCode is 2 for what is not there or not possible, and 4 for what is not allowed.
func (e *refused) ExitCode() int { return e.code }

// Hint is the next command.
func (e *refused) Hint() string { return e.hint }

func impossible(hint, format string, args ...any) error {
	return &refused{2, fmt.Sprintf(format, args...), hint}
}
