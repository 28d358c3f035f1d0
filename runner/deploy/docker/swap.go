package docker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker/compose/v5/pkg/api"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// swap replaces containers after the old ones have stopped, a few at a time where there are several.
func (r *reconciler) swap(ctx context.Context, state serviceState) error {
	n := r.want.Replicas
	state = surplus(state, n)
	replaced, rest := r.splitReplaceable(state, n-len(state.fresh))
	if err := inParallel(rest, func(_ int, f observedContainer) error {
		return r.retireOrRemove(ctx, f)
	}); err != nil {
		return err
	}
	rolls, batch := r.want.Rolls() && len(replaced)+len(state.fresh) > 1, len(replaced)
	if rolls {
		batch = r.want.Rollout.Batch(n - 1)
	}
	var failed error
	for chunk := range slices.Chunk(replaced, max(batch, 1)) {
		err := r.swapChunk(ctx, chunk, rolls)
		if err != nil && !r.continues(err) {
			return err
		}
		failed = errors.Join(failed, err)
	}
	if failed != nil {
		return failed
	}
	if n > len(state.fresh)+len(replaced) {
		if err := r.fill(ctx, n); err != nil {
			return err
		}
	}
	if err := r.recover(ctx, nil); err != nil { // those that were there may have just been started
		return err
	}
	return r.refreshClients(ctx, !r.keepsAddress(ctx) && len(replaced) > 0)
}

// continues reports whether the other containers of a service are replaced although one did not become healthy.
func (r *reconciler) continues(err error) bool {
	_, unhealthy := errors.AsType[*UnhealthyError](err)
	return unhealthy && r.want.Rollout.OnFailure == release.OnFailureContinue
}

// swapChunk replaces some containers. Where others serve meanwhile, the names lead to these until the new ones
// are healthy. The SDK creates a container from an old one: only then the data of anonymous volumes is kept. It
// sees no other container, since it would replace these too.
func (r *reconciler) swapChunk(ctx context.Context, chunk []observedContainer, rolls bool) error {
	if !rolls {
		r.report(r.name, "replacing it, with an interruption")
	} else {
		r.report(r.name, fmt.Sprintf("replacing %d of %d", len(chunk), r.want.Replicas))
		if err := r.removeNames(ctx, chunk); err != nil {
			return err
		}
		if err := pause(ctx, r.backend.clientTime.drain); err != nil {
			return err
		}
	}
	rest, err := r.containersExcept(ctx, chunk)
	if err != nil {
		return err
	}
	done := r.guard.place(r.name, placement{silent: rolls, claims: claims(chunk)})
	r.guard.hide(rest, true)
	err = r.create(ctx, len(chunk), api.RecreateForce)
	r.guard.hide(rest, false)
	done()
	if err != nil || !rolls {
		return err
	}
	if err := r.recover(ctx, rest); err != nil {
		return err
	}
	fresh, err := r.containersExcept(ctx, rest)
	if err != nil {
		return err
	}
	if err := r.keepsRunning(ctx); err != nil {
		return err
	}
	if err := r.announce(ctx, fresh); err != nil {
		return err
	}
	return pause(ctx, r.want.Rollout.Delay)
}

// fill creates the containers that a service lacks.
func (r *reconciler) fill(ctx context.Context, n int) error {
	defer r.guard.place(r.name, placement{beside: true})()
	return r.create(ctx, n, api.RecreateNever)
}

// recover starts the new containers of a service, and waits until they are healthy.
func (r *reconciler) recover(ctx context.Context, existing []observedContainer) error {
	if r.want.Replicas == 0 {
		return nil
	}
	if err := r.start(ctx); err != nil {
		return err
	}
	fresh, err := r.containersExcept(ctx, existing)
	if err != nil {
		return err
	}
	return r.healthy(ctx, fresh)
}

// containerName returns the name that a container of a service must have.
func (r *reconciler) containerName(f observedContainer) string {
	return cmp.Or(r.want.Fields["compose.container_name"], r.backend.usualName(f))
}

// usualName returns the name that Compose gives to a container, unless the file has a container_name.
func (b *Backend) usualName(f observedContainer) string {
	return strings.Join([]string{b.project, f.label(api.ServiceLabel), f.label(api.ContainerNumberLabel)}, api.Separator)
}

// splitReplaceable returns the containers that the SDK can replace in place, at most so many: those with the
// name and number of a container of the service. The rest are surplus, or of somebody who copied labels.
func (r *reconciler) splitReplaceable(state serviceState, most int) (replaced, rest []observedContainer) {
	taken := map[int]bool{}
	for _, f := range state.fresh {
		taken[f.number()] = true
	}
	for _, f := range state.old {
		if len(replaced) < most && !taken[f.number()] &&
			strings.TrimPrefix(f.Name, "/") == r.containerName(f) {
			taken[f.number()] = true
			replaced = append(replaced, f)
		} else {
			rest = append(rest, f)
		}
	}
	return replaced, rest
}
