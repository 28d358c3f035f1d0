package lock

import (
	"context"
	"encoding/json"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/self"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker/containers"
	"github.com/davit-dev/davit/runner/deploy/docker/images"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

const (
	imageName = images.Local + "lock:1"
	// renewedFile is a file in the container of a lock; its time is that of the last renewal.
	renewedFile = "heard"
)

const (
	// leaseDuration is how long a lock lasts without a renewal, and renewInterval how often the holder renews
	// it.
	leaseDuration = time.Minute
	renewInterval = leaseDuration / 4
	// acquireAttempts is how often a lock is tried that somebody is about to acquire or to release.
	acquireAttempts = 100
	// pollInterval is the time between two attempts.
	pollInterval = 50 * time.Millisecond
)

// A Locker locks one environment.
type Locker struct {
	store       images.Store
	environment release.Environment
	now         func() time.Time
}

// New returns the locker of an environment on its engine. It asks the engine nothing yet.
func New(store images.Store, environment release.Environment, now func() time.Time) *Locker {
	return &Locker{store, environment, now}
}

// Lock acquires the lease of the environment. A *LockedError names the holder of one that is taken.
func (l *Locker) Lock(ctx context.Context, o deploy.LockOptions) (*deploy.Lease, error) {
	var stale *deploy.StaleLock
	for range acquireAttempts {
		id, err := l.acquire(ctx, o)
		switch {
		case err == nil:
			return (&lock{l, o, id}).startLease(ctx, stale), nil
		case errdefs.IsNotFound(err):
			if err := l.image(ctx); err != nil {
				return nil, err
			}
			continue
		case !errdefs.IsConflict(err):
			return nil, err
		}
		was, id, err := l.holder(ctx)
		if err != nil {
			return nil, err
		}
		if was == nil {
			if err := pause(ctx); err != nil {
				return nil, err
			}
			continue
		}
		if stale, err = l.checkStale(ctx, *was, o.Break); err != nil {
			return nil, err
		}
		if err := l.remove(ctx, id); err != nil {
			return nil, err
		}
	}
	return nil, fault.Preconditionf(
		"davit status "+l.environment.Name,
		"the lock of environment %q cannot be had: other davits keep taking it", l.environment.Name)
}

// checkStale returns why a lock may be taken from its holder. Otherwise the error names the holder.
func (l *Locker) checkStale(ctx context.Context, was deploy.Holder, force bool) (*deploy.StaleLock, error) {
	if was.Exited() {
		return &deploy.StaleLock{Holder: was, Reason: deploy.HolderExited}, nil
	}
	now, err := l.clock(ctx)
	switch {
	case err != nil:
		return nil, err
	case !was.Expires.After(now):
		return &deploy.StaleLock{Holder: was, Reason: deploy.LeaseExpired}, nil
	case force:
		return &deploy.StaleLock{Holder: was, Reason: deploy.LockBroken}, nil
	}
	return nil, &deploy.LockedError{Environment: l.environment.Name, Holder: was}
}

// clock returns the time of the engine. It is the same for all, where the clocks of those who deploy are not.
func (l *Locker) clock(ctx context.Context) (time.Time, error) {
	i, err := l.store.Engine.Info(ctx, client.InfoOptions{})
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339Nano, i.Info.SystemTime)
}

func (l *Locker) name() string { return "davit-lock-" + l.environment.Instance() }

// acquire creates the container.
func (l *Locker) acquire(ctx context.Context, o deploy.LockOptions) (string, error) {
	now := l.now()
	text, err := json.Marshal(deploy.Holder{Owner: o.Owner, Operation: o.Operation, Process: self.Get(),
		Since: now, Expires: now.Add(leaseDuration)})
	if err != nil {
		return "", err
	}
	r, err := l.store.Engine.ContainerCreate(ctx,
		client.ContainerCreateOptions{Name: l.name(), Config: &container.Config{
			Image: imageName, Cmd: []string{"lock"},
			Labels: map[string]string{
				label.Lock: string(text), label.Project: l.environment.Project,
				label.Environment: l.environment.Name,
			},
		}})
	return r.ID, err
}

// Holder returns who holds the lock; nil for nobody.
func (l *Locker) Holder(ctx context.Context) (*deploy.Holder, error) {
	h, _, err := l.holder(ctx)
	return h, err
}

// holder returns who holds the lock, nil for nobody, and its container. Times are converted to the clock of
// the engine, which knows when it created the container.
func (l *Locker) holder(ctx context.Context) (*deploy.Holder, string, error) {
	c, err := l.store.Engine.ContainerInspect(ctx, l.name(), client.ContainerInspectOptions{})
	if errdefs.IsNotFound(err) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	h := &deploy.Holder{}
	created, err := time.Parse(time.RFC3339Nano, c.Container.Created)
	if err != nil || json.Unmarshal([]byte(c.Container.Config.Labels[label.Lock]), h) != nil {
		return nil, "", fault.Preconditionf(
			"docker rm "+l.name(),
			"container %q has the name of the lock of environment %q, and davit did not create it", l.name(),
			l.environment.Name)
	}
	duration, renewed := h.Expires.Sub(h.Since), h.Since
	if f, err := l.store.Engine.ContainerStatPath(ctx, c.Container.ID,
		client.ContainerStatPathOptions{Path: "/" + renewedFile}); err == nil {
		renewed = f.Stat.Mtime
	} else if !errdefs.IsNotFound(err) {
		return nil, "", l.unlessReleased(ctx, c.Container.ID, err)
	}
	h.Renewed = created.Add(renewed.Sub(h.Since))
	h.Since, h.Expires = created, h.Renewed.Add(duration)
	return h, c.Container.ID, nil
}

// unlessReleased returns an error about the container of a lock, or nil if that is being removed: an engine says then that
// it cannot find a folder of its own.
func (l *Locker) unlessReleased(ctx context.Context, id string, err error) error {
	c, gone := l.store.Engine.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if errdefs.IsNotFound(gone) || gone == nil && (c.Container.State.Status == container.StateRemoving ||
		c.Container.State.Status == container.StateDead) {
		return nil
	}
	return err
}

// remove removes the container of a lock, and returns when its name is free.
func (l *Locker) remove(ctx context.Context, id string) error {
	return containers.Remove(ctx, l.store.Engine, id, false)
}

// image makes the image that the container needs: a container has one even if it is never started.
func (l *Locker) image(ctx context.Context) error {
	return l.store.Make(ctx, images.Scratch{Name: imageName, Created: time.Unix(0, 0)})
}

// pause waits a moment, or until the context ends.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pollInterval):
		return nil
	}
}
