package runner

import "github.com/davit-dev/davit/internal/ui"

// Summary is how a run ended.
type Summary struct {
	// Err is why nothing was run; all else is then empty.
	Err error
	// Status is ui.StatusOK, ui.StatusFailed or ui.StatusCancelled.
	Status string
	// Steps are the ends of the steps, in the order of the graph.
	Steps []Ended
	// Seconds that the run took.
	Seconds float64
	// Counts of steps by status.
	Counts map[string]int
}

// Ended is how one step ended.
type Ended struct {
	ID string
	Result
	Seconds float64
}

// ExitCode of a process whose work was this run: 0, 1 when a step failed, 130 after Ctrl-C; that of Err if it has one.
func (s Summary) ExitCode() int {
	if code, ok := s.Err.(interface{ ExitCode() int }); ok {
		return code.ExitCode()
	}
	switch {
	case s.Err == nil && s.Status == ui.StatusOK:
		return 0
	case s.Status == ui.StatusCancelled:
		return 130
	}
	return 1
}
