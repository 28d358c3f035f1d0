package runner

import (
	"context"
	"fmt"

	"github.com/davit-dev/davit/internal/ui"
)

// Retried runs a command that fails, or takes too long, as often again as its step says. A success of a later try is not
// kept as a result: the next run would take it for one that always succeeds.
func Retried(r Runner) Runner { return retried{r} }

type retried struct{ Runner }

// Run runs a step until it succeeds or has no try left.
func (r retried) Run(ctx context.Context, s Step, emit func(ui.Event)) Result {
	tries := 1 + s.Plan.Retry
	for n := 1; ; n++ {
		result := r.Runner.Run(ctx, s, emit)
		if again := result.failedItself() && ctx.Err() == nil; !again || n == tries {
			result = result.ofTry(n, tries)
			if result.Doubt != "" && n > 1 {
				emit(ui.Event{Type: ui.EventWarning, Step: s.ID, Text: result.Doubt})
			}
			return result
		}
		emit(ui.Event{Type: ui.EventWarning, Step: s.ID,
			Text: fmt.Sprintf("failed (%s), runs again: try %d of %d", result.Reason, n+1, tries)})
		emit = withoutRunning(emit)
	}
}

// failedItself reports whether the command of the step failed, or was stopped since it took too long.
func (r Result) failedItself() bool {
	return r.Status == ui.StatusFailed || r.Status == ui.StatusCancelled && r.Exit == exitTimeout
}

// exitTimeout is the exit code of a step that took too long, that of the program timeout.
const exitTimeout = 124

// ofTry returns the result of the last try.
func (r Result) ofTry(n, tries int) Result {
	switch {
	case n == 1:
	case r.OK():
		r.Doubt = fmt.Sprintf("succeeded in try %d of %d: the result is not kept", n, tries)
	default:
		r.Reason = fmt.Sprintf("%s in try %d of %d", r.Reason, n, tries)
	}
	return r
}

// withoutRunning returns emit without the event that a command has started: that of the step has.
func withoutRunning(emit func(ui.Event)) func(ui.Event) {
	return func(e ui.Event) {
		if e.Type != ui.EventStep || e.Status != ui.StatusRunning {
			emit(e)
		}
	}
}
