// Package containers removes containers of an engine, and returns when they are gone.
//
// An engine refuses to remove a container that somebody else is removing, and its name stays taken until that
// is done. Two davits meet in this when one breaks the lock of the other. Every caller wants the container to
// be gone, so the wait is here, once.
//
// An engine before 24 dies, and all of its API with it, when a container is removed in the very moment in which
// the engine starts a health probe in it: ContainerExecStart looks the container up twice, and does not expect it
// to be gone at the second time. A container with a health check is therefore killed there first, and removed a
// moment later, since no answer of the engine says whether a probe has begun.
package containers

import (
	"context"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"github.com/moby/moby/client/pkg/versions"
)

// The waits for a container.
const (
	poll   = 50 * time.Millisecond  // how often the engine is asked whether it is gone
	probes = 200 * time.Millisecond // how long a probe may take to begin on a busy machine
)

// fixedAPI is the version of the API of the first engine that survives it (24.0).
const fixedAPI = "1.43"

// Remove removes a container, running or not, and with volumes its anonymous volumes too. A container that is
// gone already is no error.
func Remove(ctx context.Context, engine client.APIClient, id string, volumes bool) error {
	if err := endProbes(ctx, engine, id); err != nil {
		return ignoreNotFound(err)
	}
	_, err := engine.ContainerRemove(ctx, id, client.ContainerRemoveOptions{
		Force: true, RemoveVolumes: volumes,
	})
	if errdefs.IsConflict(err) {
		return untilGone(ctx, engine, id, err)
	}
	return ignoreNotFound(err)
}

// Waits reports whether Remove waits before it removes a container.
func Waits(ctx context.Context, engine client.APIClient, id string) bool {
	c, err := checkedOne(ctx, engine, id)
	return err == nil && c != nil
}

// checkedOne returns a container with a health check on an engine that does not survive each removal of it; nil for any other.
func checkedOne(ctx context.Context, engine client.APIClient, id string) (*container.InspectResponse, error) {
	if !versions.LessThan(engine.ClientVersion(), fixedAPI) {
		return nil, nil
	}
	c, err := engine.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if err != nil || c.Container.State.Health == nil {
		return nil, err
	}
	return &c.Container, nil
}

// endProbes kills a container with a health check on an engine that needs it, and lets the last probe begin.
func endProbes(ctx context.Context, engine client.APIClient, id string) error {
	c, err := checkedOne(ctx, engine, id)
	if err != nil || c == nil {
		return err
	}
	if c.State.Running { // it may end by itself meanwhile, or be removed
		_, _ = engine.ContainerKill(ctx, id, client.ContainerKillOptions{Signal: "KILL"})
	}
	return pause(ctx, probes)
}

// untilGone waits for a removal that somebody else has begun. It returns cause if nobody removes the
// container.
func untilGone(ctx context.Context, engine client.ContainerAPIClient, id string, cause error) error {
	for range time.Minute / poll {
		c, err := engine.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
		switch {
		case err != nil:
			return ignoreNotFound(err)
		case c.Container.State.Status != container.StateRemoving &&
			c.Container.State.Status != container.StateDead:
			return cause
		}
		if err := pause(ctx, poll); err != nil {
			return err
		}
	}
	return cause
}

// pause waits, at most until ctx is done.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func ignoreNotFound(err error) error {
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}
