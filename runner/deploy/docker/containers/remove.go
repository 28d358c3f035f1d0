// Package containers removes containers of an engine, and returns when they are gone.
//
// An engine refuses to remove a container that somebody else is removing, and its name stays taken until that
// is done. Two davits meet in this when one breaks the lock of the other. Every caller wants the container to
// be gone, so the wait is here, once.
package containers

import (
	"context"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// poll is how often the engine is asked whether a container is gone.
const poll = 50 * time.Millisecond

// Remove removes a container, running or not, and with volumes its anonymous volumes too. A container that is
// gone already is no error.
func Remove(ctx context.Context, engine client.ContainerAPIClient, id string, volumes bool) error {
	_, err := engine.ContainerRemove(ctx, id, client.ContainerRemoveOptions{
		Force: true, RemoveVolumes: volumes,
	})
	switch {
	case errdefs.IsNotFound(err):
		return nil
	case errdefs.IsConflict(err):
		return untilGone(ctx, engine, id, err)
	}
	return err
}

// untilGone waits for a removal that somebody else has begun. It returns cause if nobody removes the
// container.
func untilGone(ctx context.Context, engine client.ContainerAPIClient, id string, cause error) error {
	for range time.Minute / poll {
		c, err := engine.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
		switch {
		case errdefs.IsNotFound(err):
			return nil
		case err != nil:
			return err
		case c.Container.State.Status != container.StateRemoving &&
			c.Container.State.Status != container.StateDead:
			return cause
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(poll):
		}
	}
	return cause
}
