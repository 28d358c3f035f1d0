package docker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/docker/compose/v5/pkg/api"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// startFirst replaces containers while others serve. Docker's DNS announces a container as soon as it is started,
// healthy or not, and for a moment after it is gone. So new ones have no names until they are healthy, and old
// ones lose theirs before they stop. An engine changes the names of a container only by disconnecting it from its
// network and connecting it again; it keeps its address, so that open connections go on.
func (r *reconciler) startFirst(ctx context.Context, state serviceState) error {
	state = surplus(state.withoutUnstarted(), r.want.Replicas)
	kept := claims(state.old)
	r.guard.reserve(kept)
	old, err := r.removeStopped(ctx, state.old)
	if err != nil {
		return err
	}
	slices.SortStableFunc(old, func(a, b observedContainer) int {
		return cmp.Compare(a.label(label.Surge), b.label(label.Surge))
	})
	state.old = old
	if !r.keepsAddress(ctx) {
		return r.overlap(ctx, state)
	}
	for _, f := range old {
		delete(kept, f.number())
	}
	return r.replaceInPlace(ctx, state, kept)
}

// surplus moves containers that are fresh and too many to the old ones.
func surplus(state serviceState, n int) serviceState {
	if len(state.fresh) > n {
		state.fresh, state.old = state.fresh[:n], append(state.old, state.fresh[n:]...)
	}
	return state
}

// overlap starts new containers at addresses of their own before old ones stop, a few at a time.
func (r *reconciler) overlap(ctx context.Context, state serviceState) error {
	n := r.want.Replicas
	for batch := r.want.Rollout.Batch(n); ; {
		made, err := r.startBeside(ctx, state, min(batch, n-len(state.fresh)), placement{})
		if err != nil {
			return err
		}
		state.fresh = append(state.fresh, made...)
		if err := r.announce(ctx, state.fresh); err != nil {
			return err
		}
		leaving := state.old[:min(batch, len(state.old))]
		if len(state.fresh) >= n {
			leaving = state.old
		}
		if err := r.leave(ctx, leaving, len(leaving) == len(state.old)); err != nil {
			return err
		}
		if state.old = state.old[len(leaving):]; len(state.old) == 0 && len(state.fresh) >= n {
			return nil
		}
		if err := pause(ctx, r.want.Rollout.Delay); err != nil {
			return err
		}
	}
}

// leave removes old containers when no client looks for them any more. Clients that remember addresses look the
// names up again before; those that have to restart for it do so once, with the last of the containers.
func (r *reconciler) leave(ctx context.Context, old []observedContainer, last bool) error {
	if len(old) == 0 {
		return nil
	}
	if err := r.removeNames(ctx, old); err != nil {
		return err
	}
	if err := r.refreshClients(ctx, last); err != nil {
		return err
	}
	return r.drainAndRetire(ctx, old)
}

// drainAndRetire removes containers without names when they have served those who have their addresses. A program
// that reloads has begun to by then.
func (r *reconciler) drainAndRetire(ctx context.Context, old []observedContainer) error {
	if err := pause(ctx, r.backend.clientTime.drain); err != nil {
		return err
	}
	return r.retireAll(ctx, old)
}

// retireAll stops and removes containers, each with the time that it has for that.
func (r *reconciler) retireAll(ctx context.Context, all []observedContainer) error {
	return inParallel(all, func(_ int, f observedContainer) error {
		r.report(r.name, "removing "+strings.TrimPrefix(f.Name, "/"))
		return r.retireOrRemove(ctx, f)
	})
}

// replaceInPlace replaces containers at their addresses: clients may remember these. Additional ones, the surge, are healthy before the
// first old container stops, and serve those that look names up; each new container starts where an old one has
// stopped. A container that started elsewhere and moved there would lose the connections that it has opened
// itself, to a database for example. kept are addresses of containers that did not run.
func (r *reconciler) replaceInPlace(ctx context.Context, state serviceState, kept map[int]claim) error {
	n := r.want.Replicas
	if !slices.ContainsFunc(state.old, func(f observedContainer) bool { return !f.isSurge() }) {
		return r.complete(ctx, state, state.old, kept)
	}
	batch := min(r.want.Rollout.Batch(n), len(state.old))
	surge, err := r.startBeside(ctx, state, batch, placement{surge: true})
	if err != nil {
		return err
	}
	if err := r.announce(ctx, slices.Concat(state.fresh, surge)); err != nil {
		return err
	}
	for len(state.old) > 0 {
		if state, err = r.succeed(ctx, state, surge, batch); err != nil {
			return err
		}
	}
	return r.complete(ctx, state, surge, kept)
}

// complete starts the containers that a service lacks, and removes the additional ones.
func (r *reconciler) complete(
	ctx context.Context, state serviceState, surge []observedContainer, kept map[int]claim,
) error {
	made, err := r.startBeside(ctx, serviceState{fresh: state.fresh, old: surge}, r.want.Replicas-len(state.fresh),
		placement{claims: kept})
	if err != nil {
		return err
	}
	if err := r.announce(ctx, slices.Concat(state.fresh, made)); err != nil || len(surge) == 0 {
		return err
	}
	if err := r.removeNames(ctx, surge); err != nil {
		return err
	}
	return r.drainAndRetire(ctx, surge)
}

// succeed replaces some old containers by new ones at the same addresses.
func (r *reconciler) succeed(
	ctx context.Context, state serviceState, surge []observedContainer, batch int,
) (serviceState, error) {
	leaving := state.old[:min(batch, len(state.old))]
	if err := r.removeNames(ctx, leaving); err != nil {
		return state, err
	}
	there := serviceState{fresh: slices.Concat(state.fresh, surge), old: state.old}
	made, err := r.createBeside(ctx, there, min(len(leaving), r.want.Replicas-len(state.fresh)),
		placement{claims: claims(leaving)})
	if err != nil {
		return state, err
	}
	if err := r.drainAndRetire(ctx, leaving); err != nil {
		return state, err
	}
	there.old = state.old[len(leaving):]
	if err := r.awaitHealthy(ctx, there, made); err != nil { // it stays: the next one gets its address
		return state, err
	}
	if err := r.announce(ctx, made); err != nil {
		return state, err
	}
	state.fresh, state.old = append(state.fresh, made...), there.old
	return state, pause(ctx, r.want.Rollout.Delay)
}

// startBeside starts new containers beside others and waits until they are healthy. If they do not become
// healthy, it removes them again, and nothing has changed, unless the deploy pauses then.
func (r *reconciler) startBeside(
	ctx context.Context, state serviceState, n int, p placement,
) ([]observedContainer, error) {
	made, err := r.createBeside(ctx, state, n, p)
	if err != nil {
		return nil, err
	}
	if err := r.awaitHealthy(ctx, state, made); err != nil {
		if r.pauses(ctx) {
			return nil, err
		}
		return nil, errors.Join(err, r.removeReplacement(ctx, made, state.all()))
	}
	return made, nil
}

// pauses reports whether containers that did not become healthy stay, to be looked at: the Compose file says so, and
// this is a deploy that nobody has stopped.
func (r *reconciler) pauses(ctx context.Context) bool {
	return r.want.Rollout.OnFailure == release.OnFailurePause && r.findings == nil && !r.options.KeepGoing && ctx.Err() == nil
}

// createBeside creates new containers beside others, without names in DNS.
func (r *reconciler) createBeside(
	ctx context.Context, state serviceState, n int, p placement,
) (made []observedContainer, err error) {
	if n <= 0 {
		return nil, nil
	}
	existing := state.all()
	r.report(r.name, fmt.Sprintf("starting %d beside %d", n, len(existing)))
	p.beside, p.silent = true, true
	done := r.guard.place(r.name, p)
	err = r.create(ctx, len(existing)+n, api.RecreateNever)
	done()
	if err != nil {
		return nil, err
	}
	return r.containersExcept(ctx, existing)
}

// awaitHealthy starts new containers and waits until they are healthy.
func (r *reconciler) awaitHealthy(ctx context.Context, state serviceState, made []observedContainer) error {
	r.guard.hide(state.old, true) // the SDK must not restart one that has just ended
	err := r.start(ctx)
	r.guard.hide(state.old, false)
	if err == nil {
		err = r.healthy(ctx, slices.Concat(state.fresh, made))
	}
	if err == nil {
		err = r.keepsRunning(ctx)
	}
	return err
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
	all, err := r.observed(ctx)
	return slices.DeleteFunc(all, func(f observedContainer) bool {
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
	return inParallel(fresh, func(_ int, f observedContainer) error { return r.backend.remove(ctx, f.ID) })
}
