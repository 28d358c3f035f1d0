package docker

import (
	"context"
	"slices"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// runJob runs a job to its end, unless it has run for this model already. A davit that was killed may have
// left it running: then it waits, as a migration must not run twice at once.
func (r *reconciler) runJob(ctx context.Context, state serviceState) error {
	if r.want.Skipped {
		return r.removeRunning(ctx, state)
	}
	old, err := r.retireForeign(ctx, state.old)
	if state.old = old; err != nil {
		return err
	}
	if r.kinds[r.name] == "" && len(state.old) == 0 && !slices.ContainsFunc(state.fresh, observedContainer.unfinished) {
		return nil
	}
	one := slices.IndexFunc(state.fresh, observedContainer.underway)
	if len(state.old) > 0 || one < 0 {
		r.report(r.name, "running it")
		if err := r.create(ctx, r.want.Replicas, api.RecreateForce); err != nil {
			return err
		}
	}
	all, err := r.observed(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all,
		func(f observedContainer) bool { return f.State.Status == container.StateCreated }) {
		if err := r.start(ctx); err != nil {
			return err
		}
	}
	return inParallel(all, func(_ int, f observedContainer) error {
		return r.await(ctx, f.ID, r.options.Timeout, 0, judgeJob)
	})
}

// retireForeign quarantines the containers that a killed deploy of another release has left, and returns the rest.
func (r *reconciler) retireForeign(ctx context.Context, all []observedContainer) (rest []observedContainer, err error) {
	for _, f := range all {
		if r.findings[f.ID].Action != release.Quarantine {
			rest = append(rest, f)
		} else if _, err := r.retire(ctx, f.ID); err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// removeRunning removes the containers of a job that still run: they are of the release that is left.
func (r *reconciler) removeRunning(ctx context.Context, state serviceState) error {
	return inParallel(state.all(), func(_ int, f observedContainer) error {
		if !f.running() {
			return nil
		}
		r.report(r.name, "stopping it")
		return r.backend.stopAndRemove(ctx, f.ID)
	})
}

// underway reports whether a job has succeeded, is running, or is about to.
func (f observedContainer) underway() bool { return f.succeeded() || f.unfinished() }

// unfinished reports whether a job is running, or is about to.
func (f observedContainer) unfinished() bool {
	return f.running() || f.State.Status == container.StateCreated
}
