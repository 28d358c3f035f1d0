package docker

import (
	"context"
	"errors"
	"sync"
	"time"
)

// monitors watch the containers that nothing checks, while the services that depend on them start.
type monitors struct {
	group  sync.WaitGroup
	mu     sync.Mutex
	failed []error
}

// begin watches until watch returns.
func (m *monitors) begin(watch func() error) {
	m.group.Go(func() {
		err := watch()
		m.mu.Lock()
		defer m.mu.Unlock()
		m.failed = append(m.failed, err)
	})
}

// wait returns when all have ended, with all errors but those of a context that ended.
func (m *monitors) wait() error {
	m.group.Wait()
	var failed []error
	for _, err := range m.failed {
		if !errors.Is(err, context.Canceled) {
			failed = append(failed, err)
		}
	}
	m.failed = nil
	return errors.Join(failed...)
}

// keepsRunning waits until the containers that nothing checks have run for as long as the release says, without a
// restart.
func (r *reconciler) keepsRunning(ctx context.Context) error {
	limit := r.options.Timeout
	if limit > 0 {
		limit += r.want.Monitor
	}
	return inParallel(r.unchecked, func(_ int, f observedContainer) error {
		return r.await(ctx, f.ID, limit, r.want.Monitor, judge(f.RestartCount, r.want.Ends, r.want.Monitor))
	})
}

// toMonitor returns the containers that nothing checks and that have not run for long enough.
func toMonitor(all []observedContainer, long time.Duration) (some []observedContainer) {
	for _, f := range all {
		if !checked(f.State) && !startedBefore(f.State.StartedAt, long) {
			some = append(some, f)
		}
	}
	return some
}
