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

// A lock is one that this process holds.
type lock struct {
	locker  *Locker
	options deploy.LockOptions
	id      string
}

// startLease renews the lock until it is released or lost.
func (l *lock) startLease(ctx context.Context, stale *deploy.StaleLock) *deploy.Lease {
	held, end := context.WithCancelCause(context.WithoutCancel(ctx))
	var group sync.WaitGroup
	group.Go(func() { end(l.keepRenewed(held)) })
	return &deploy.Lease{Held: held, Stale: stale, Unlock: sync.OnceFunc(func() {
		end(nil)
		group.Wait()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		l.locker.remove(ctx, l.id) // by its id: somebody else may have the name by now
	})}
}

// keepRenewed renews the lock again and again. It returns when somebody else has the lock, or with the
// context.
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

// waitForRenewal waits until the next renewal is due, or the container is gone. A machine that slept is late,
// so it compares wall clocks.
func (l *lock) waitForRenewal(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	wait, tick := l.locker.store.Engine.ContainerWait(ctx, l.id,
		client.ContainerWaitOptions{Condition: container.WaitConditionRemoved}), time.NewTicker(time.Second)
	defer tick.Stop()
	for due := time.Now().Round(0).Add(renewInterval); time.Now().Round(0).Before(due); {
		select {
		case <-ctx.Done():
			return
		case <-wait.Result:
			if _, err := l.locker.store.Engine.ContainerInspect(ctx, l.id,
				client.ContainerInspectOptions{}); errdefs.IsNotFound(err) {
				return
			}
			wait.Result = nil // an old engine, which does not know the condition
		case <-wait.Error: // the engine may be restarting
			wait.Error = nil
		case <-tick.C:
		}
	}
}

// renew writes the time of the renewal to the engine: it is that of an empty file in the container.
func (l *lock) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, renewInterval)
	defer cancel()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	w.WriteHeader(&tar.Header{Name: renewedFile, Mode: 0o644, ModTime: l.locker.now(),
		Format: tar.FormatUSTAR})
	w.Close()
	_, err := l.locker.store.Engine.CopyToContainer(ctx, l.id, client.CopyToContainerOptions{
		DestinationPath: "/", Content: &b,
	})
	return err
}

// reacquire acquires a lock again whose container somebody has removed without wanting the lock, as "docker
// container prune" does. Whoever wants it creates the container at this moment; then the lock is lost.
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
	return nil // the next round notices if somebody else was faster
}
