package runner

import (
	"context"
	"fmt"
	"sync"

	"github.com/davit-dev/davit/internal/ui"
)

// A Retrier is a Runner that runs a command that fails, or takes too long, as often again as its step says. A success of a
// later try is not kept as a result: the next run would take it for one that always succeeds.
type Retrier struct {
	next  Runner
	mu    sync.Mutex
	notes []string
}

// Retried returns a Retrier.
func Retried(r Runner) *Retrier { return &Retrier{next: r} }

// Notes returns which steps did not succeed at once, a sentence for each.
func (r *Retrier) Notes() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.notes
}

// Prepare prepares the steps.
func (r *Retrier) Prepare(ctx context.Context, steps []Step) (Versions, error) {
	return r.next.Prepare(ctx, steps)
}

// Run runs a step until it succeeds or has no try left.
func (r *Retrier) Run(ctx context.Context, s Step, emit func(ui.Event)) Result {
	tries := 1 + s.Plan.Retry
	for n := 1; ; n++ {
		result := r.next.Run(ctx, s, emit)
		if again := result.failedItself() && ctx.Err() == nil; !again || n == tries {
			return r.ofTry(s, result, n, tries)
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
func (r *Retrier) ofTry(s Step, result Result, n, tries int) Result {
	switch {
	case n == 1:
	case result.OK():
		result.Doubt = fmt.Sprintf("succeeded in try %d of %d", n, tries)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.notes = append(r.notes, s.ID+" "+result.Doubt+": the result is not kept")
	default:
		result.Reason = fmt.Sprintf("try %d of %d: %s", n, tries, result.Reason)
	}
	return result
}

// withoutRunning returns emit without the event that a command has started: that of the step has.
func withoutRunning(emit func(ui.Event)) func(ui.Event) {
	return func(e ui.Event) {
		if e.Type != ui.EventStep || e.Status != ui.StatusRunning {
			emit(e)
		}
	}
}
