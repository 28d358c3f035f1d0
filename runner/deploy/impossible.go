package deploy

import "fmt"

// impossible is an error of a Target by which nothing was changed.
type impossible struct{ reason, hint string }

// Impossible says that what was asked of a Target is not there, or cannot be, and that nothing was changed. The hint is the next command.
func Impossible(hint, format string, args ...any) error {
	return &impossible{fmt.Sprintf(format, args...), hint}
}

func (e *impossible) Error() string { return e.reason }

// ExitCode is that of what could not start.
func (e *impossible) ExitCode() int { return 2 }

// Hint is the next command.
func (e *impossible) Hint() string { return e.hint }
