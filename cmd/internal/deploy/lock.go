package deploy

import (
	"context"
	"errors"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
)

// lockPoll is how often a lock is tried that somebody else holds.
const lockPoll = time.Second

// lock acquires the lock of an environment. If somebody else holds it, lock tries again for as long as the
// request says.
func (e *Environments) lock(
	ctx context.Context, s *session, r Request, o deploy.LockOptions, emit func(ui.Event),
) (*deploy.Lease, error) {
	end := time.Now().Add(r.Wait)
	for last := ""; ; {
		lease, err := s.backend.Lock(ctx, o)
		locked, is := errors.AsType[*deploy.LockedError](err)
		if !is || time.Now().Add(lockPoll).After(end) {
			return lease, err
		}
		if holder := locked.Holder.Activity(); holder != last {
			last = holder
			emit(ui.Event{Type: ui.EventWarning, Text: "waiting for the lock of " + s.Name + ": " + holder})
		}
		if err := sleep(ctx, lockPoll); err != nil {
			return nil, err
		}
	}
}

// sleep waits for d, or until the context ends.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
