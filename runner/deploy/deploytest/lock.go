package deploytest

import (
	"context"
	"time"

	"github.com/davit-dev/davit/internal/self"
	"github.com/davit-dev/davit/runner/deploy"
)

// lease is how long a lock lasts of whose holder nothing is heard.
const lease = time.Minute

// held is the lock of one environment.
type held struct {
	holder    deploy.Holder
	lose      context.CancelCauseFunc // nil where no davit of this process holds it
	abandoned bool
}

// renewLocks has all holders say that they are there.
func (e *Engine) renewLocks() {
	for _, l := range e.locks {
		if !l.abandoned {
			l.holder.Renewed, l.holder.Expires = e.world.now, e.world.now.Add(lease)
		}
	}
}

// Lock keeps others out until the lease is given back, or is lost.
func (m *Memory) Lock(ctx context.Context, o deploy.LockOptions) (*deploy.Lease, error) {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	at, now := m.Environment.Instance(), m.world.tick()
	mine := &held{holder: deploy.Holder{Owner: o.Owner, Operation: o.Operation, Process: self.Get(),
		Since: now, Renewed: now, Expires: now.Add(lease)}}
	stale, err := m.mayTake(m.engine.locks[at], now, o.Break)
	if err != nil {
		return nil, err
	}
	if was := m.engine.locks[at]; was != nil && was.lose != nil {
		was.lose(&deploy.LeaseLostError{Environment: m.Environment.Name, By: mine.holder})
	}
	var holds context.Context
	holds, mine.lose = context.WithCancelCause(context.WithoutCancel(ctx))
	m.engine.locks[at] = mine
	return &deploy.Lease{Held: holds, Unlock: func() { m.unlock(at, mine) }, Stale: stale}, nil
}

// mayTake returns why a lock may be taken from its holder, or an error that names the holder.
func (m *Memory) mayTake(was *held, now time.Time, broken bool) (*deploy.StaleLock, error) {
	switch {
	case was == nil:
		return nil, nil
	case was.holder.Exited():
		return &deploy.StaleLock{Holder: was.holder, Reason: deploy.HolderExited}, nil
	case !was.holder.Expires.After(now):
		return &deploy.StaleLock{Holder: was.holder, Reason: deploy.LeaseExpired}, nil
	case broken:
		return &deploy.StaleLock{Holder: was.holder, Reason: deploy.LockBroken}, nil
	}
	return nil, &deploy.LockedError{Environment: m.Environment.Name, Holder: was.holder}
}

// unlock gives a lock back, unless somebody else has it by now.
func (m *Memory) unlock(at string, mine *held) {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	mine.lose(nil)
	if m.engine.locks[at] == mine {
		delete(m.engine.locks, at)
	}
}

// Holder returns who has the lock; nil for nobody.
func (m *Memory) Holder(ctx context.Context) (*deploy.Holder, error) {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	l := m.engine.locks[m.Environment.Instance()]
	if l == nil {
		return nil, ctx.Err()
	}
	h := l.holder
	return &h, ctx.Err()
}
