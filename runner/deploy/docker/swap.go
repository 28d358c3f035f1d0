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
func (a *apply) swap(ctx context.Context, name string, state serviceState) error {
	n := a.release.Model.Services[name].Replicas
	state = surplus(state, n)
	replaced, rest := a.splitReplaceable(name, state, n-len(state.fresh))
	if err := inParallel(rest, func(_ int, f observedContainer) error { return a.retireOrRemove(ctx, f) }); err != nil {
		return err
	}
	if len(replaced) > 0 {
		a.report(name, "replacing "+strconv.Itoa(len(replaced))+", with an interruption")
		a.guard.hide(state.fresh, true)
		err := a.create(ctx, name, len(replaced), api.RecreateForce)
		a.guard.hide(state.fresh, false)
		if err != nil {
			return err
		}
	}
	if n > len(state.fresh)+len(replaced) {
		if err := a.fill(ctx, name, n); err != nil {
			return err
		}
	}
	return a.recover(ctx, name, state.fresh)
}

// fill creates the containers that a service lacks.
func (a *apply) fill(ctx context.Context, name string, n int) error {
	a.guard.beginReplacing(name, false)
	defer a.guard.endReplacing(name)
	return a.create(ctx, name, n, api.RecreateNever)
}

// recover starts the new containers of a service, and waits until they are healthy.
func (a *apply) recover(ctx context.Context, name string, existing []observedContainer) error {
	if a.release.Model.Services[name].Replicas == 0 {
		return nil
	}
	if err := a.start(ctx, name); err != nil {
		return err
	}
	fresh, err := a.containersExcept(ctx, name, existing)
	if err != nil {
		return err
	}
	return a.healthy(ctx, name, fresh)
}

// containerName returns the name that a container of a service must have.
func (a *apply) containerName(service string, f observedContainer) string {
	usual := strings.Join([]string{a.backend.project, service, f.label(api.ContainerNumberLabel)}, api.Separator)
	return cmp.Or(a.release.Model.Services[service].Fields["compose.container_name"], usual)
}

// splitReplaceable returns the containers that the SDK can replace in place, at most so many: those with the
// name and number of a container of the service. The rest are surplus, or of somebody who copied labels.
func (a *apply) splitReplaceable(name string, state serviceState, most int) (replaced, rest []observedContainer) {
	taken := map[int]bool{}
	for _, f := range state.fresh {
		taken[f.number()] = true
	}
	for _, f := range state.old {
		if len(replaced) < most && !taken[f.number()] && strings.TrimPrefix(f.Name, "/") == a.containerName(name, f) {
			taken[f.number()] = true
			replaced = append(replaced, f)
		} else {
			rest = append(rest, f)
		}
	}
	return replaced, rest
}
