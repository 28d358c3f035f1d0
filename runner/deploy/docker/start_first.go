package docker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/docker/compose/v5/pkg/api"
)

// startFirst replaces containers without an interruption. Docker's DNS announces a container as soon as it is
// started, healthy or not, and for a moment after it is gone. So new ones have no names until they are
// healthy, and old ones lose theirs before they stop. An engine changes the names of a container only by
// disconnecting it from its network and connecting it again; it keeps its address, so that open connections
// go on.
func (r *reconciler) startFirst(ctx context.Context, state serviceState) error {
	n := r.want.Replicas
	reconnectable, err := r.canReconnect(ctx)
	if err != nil {
		return err
	}
	state = surplus(state, n)
	if state, err = r.startReplacement(ctx, n, state, reconnectable); err != nil {
		return err
	}
	if reconnectable {
		if err := r.switchTraffic(ctx, state); err != nil {
			return err
		}
	}
	return inParallel(state.old, func(_ int, f observedContainer) error {
		r.report(r.name, "removing "+strings.TrimPrefix(f.Name, "/"))
		return r.retireOrRemove(ctx, f)
	})
}

// surplus moves containers that are fresh and too many to the old ones.
func surplus(state serviceState, n int) serviceState {
	if len(state.fresh) > n {
		state.fresh, state.old = state.fresh[:n], append(state.old, state.fresh[n:]...)
	}
	return state
}

// startReplacement starts the new containers beside the old and waits until they are healthy. If they do not
// become healthy, it removes them again, and nothing has changed.
func (r *reconciler) startReplacement(
	ctx context.Context, n int, state serviceState, reconnectable bool,
) (serviceState, error) {
	old, err := r.removeStopped(ctx, state.old)
	if err != nil {
		return state, err
	}
	state.old = old
	existing := slices.Concat(state.old, state.fresh)
	r.guard.beginReplacing(r.name, reconnectable)
	defer r.guard.endReplacing(r.name)
	if more := n - len(state.fresh); more > 0 {
		r.report(r.name, fmt.Sprintf("starting %d beside %d", more, len(state.old)))
		if err := r.create(ctx, n+len(state.old), api.RecreateNever); err != nil {
			return state, err
		}
	}
	if state.fresh, err = r.containersExcept(ctx, state.old); err != nil {
		return state, err
	}
	r.guard.hide(state.old, true) // the SDK must not restart one that has just ended
	err = r.start(ctx)
	r.guard.hide(state.old, false)
	if err == nil {
		err = r.healthy(ctx, state.fresh)
	}
	if err != nil {
		return state, errors.Join(err, r.removeReplacement(ctx, state.fresh, existing))
	}
	return state, nil
}

// removeStopped removes the old containers that do not run, since the SDK would start them, and returns the
// others.
func (r *reconciler) removeStopped(
	ctx context.Context, old []observedContainer,
) (running []observedContainer, err error) {
	for _, f := range old {
		if f.running() {
			running = append(running, f)
		} else if err := r.retireOrRemove(ctx, f); err != nil {
			return nil, err
		}
	}
	return running, nil
}

// containersExcept returns the containers of a service that are not among some.
func (r *reconciler) containersExcept(
	ctx context.Context, some []observedContainer,
) ([]observedContainer, error) {
	state, err := r.state(ctx)
	return slices.DeleteFunc(state.all(), func(f observedContainer) bool {
		return slices.ContainsFunc(some, func(o observedContainer) bool { return o.ID == f.ID })
	}), err
}

// removeReplacement removes new containers that did not become healthy, also after Ctrl-C, unless they are
// the only ones.
func (r *reconciler) removeReplacement(ctx context.Context, fresh, existing []observedContainer) error {
	if len(existing) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	return inParallel(fresh, func(_ int, f observedContainer) error {
		if slices.ContainsFunc(existing, func(s observedContainer) bool { return s.ID == f.ID }) {
			return nil
		}
		return r.backend.remove(ctx, f.ID)
	})
}
