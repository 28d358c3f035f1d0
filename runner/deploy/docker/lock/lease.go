package lock

import (
	"archive/tar"
	"bytes"
	"context"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy"
)

// lock is one that this davit has.
type lock struct {
	locker  *Locker
	options deploy.LockOptions
	id      string
}

// startLease keeps the lock until it is given back or is somebody else's.
func (l *lock) startLease(ctx context.Context, stale *deploy.StaleLock) *deploy.Lease {
	held, end := context.WithCancelCause(context.WithoutCancel(ctx))
	var group sync.WaitGroup
	group.Go(func() { end(l.keepRenewed(held)) })
	return &deploy.Lease{Held: held, Stale: stale, Unlock: sync.OnceFunc(func() {
		end(nil)
		group.Wait()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		l.locker.remove(ctx, l.id) // by its id: the name may be another's by now
	})}
}

// keepRenewed says again and again that the holder is there. It ends when somebody else has the lock, or with the context.
func (l *lock) keepRenewed(ctx context.Context) error {
	for ctx.Err() == nil {
		l.waitForRenewal(ctx)
		if ctx.Err() == nil && errdefs.IsNotFound(l.renew(ctx)) {
			if err := l.reacquire(ctx); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// waitForRenewal waits until it is time to be heard again, or the container is no more. A machine that slept is late: it looks at the clock on the
// wall.
func (l *lock) waitForRenewal(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	wait, tick := l.locker.store.Engine.ContainerWait(ctx, l.id, client.ContainerWaitOptions{Condition: container.WaitConditionRemoved}), time.NewTicker(time.Second)
	defer tick.Stop()
	for due := time.Now().Round(0).Add(renewInterval); time.Now().Round(0).Before(due); {
		select {
		case <-ctx.Done():
			return
		case <-wait.Result:
			if _, err := l.locker.store.Engine.ContainerInspect(ctx, l.id, client.ContainerInspectOptions{}); errdefs.IsNotFound(err) {
				return
			}
			wait.Result = nil // an engine that does not know what to wait for
		case <-wait.Error: // it restarts, perhaps
			wait.Error = nil
		case <-tick.C:
		}
	}
}

// renew tells the engine that the holder is there: an empty file in the container has the time.
func (l *lock) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, renewInterval)
	defer cancel()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	w.WriteHeader(&tar.Header{Name: renewedFile, Mode: 0o644, ModTime: l.locker.now(), Format: tar.FormatUSTAR})
	w.Close()
	_, err := l.locker.store.Engine.CopyToContainer(ctx, l.id, client.CopyToContainerOptions{DestinationPath: "/", Content: &b})
	return err
}

// reacquire takes a lock again that somebody has removed and does not want, as "docker container prune" does. Who wants it makes it in this
// moment; then it is lost.
func (l *lock) reacquire(ctx context.Context) error {
	for range 20 {
		if by, _, err := l.locker.holder(ctx); err == nil && by != nil {
			return &deploy.LeaseLostError{Environment: l.locker.environment.Name, By: *by}
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	id, err := l.locker.acquire(ctx, l.options)
	if err == nil {
		l.id = id
	}
	return nil // if somebody was faster, the next round tells
}
