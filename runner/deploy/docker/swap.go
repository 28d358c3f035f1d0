package docker

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
)

// swap replaces containers after the old ones have stopped. Where it can, the SDK creates a container from an
// old one: only then the data of anonymous volumes is kept. Meanwhile it sees no other container, since it
// would replace these too.
func (r *reconciler) swap(ctx context.Context, state serviceState) error {
	n := r.want.Replicas
	state = surplus(state, n)
	replaced, rest := r.splitReplaceable(state, n-len(state.fresh))
	if err := inParallel(rest, func(_ int, f observedContainer) error {
		return r.retireOrRemove(ctx,
			f)
	}); err != nil {
		return err
	}
	if len(replaced) > 0 {
		r.report(r.name, "replacing "+strconv.Itoa(len(replaced))+", with an interruption")
		r.guard.hide(state.fresh, true)
		err := r.create(ctx, len(replaced), api.RecreateForce)
		r.guard.hide(state.fresh, false)
		if err != nil {
			return err
		}
	}
	if n > len(state.fresh)+len(replaced) {
		if err := r.fill(ctx, n); err != nil {
			return err
		}
	}
	return r.recover(ctx, state.fresh)
}

// fill creates the containers that a service lacks.
func (r *reconciler) fill(ctx context.Context, n int) error {
	r.guard.beginReplacing(r.name, false)
	defer r.guard.endReplacing(r.name)
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
