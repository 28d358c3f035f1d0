package docker

import (
	"context"
	"slices"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
)

// runJob runs a job to its end, unless it has run for this model already. A davit that was killed may have
// left it running: then it waits, as a migration must not run twice at once.
func (a *apply) runJob(ctx context.Context, name string, state serviceState) error {
	if a.kinds[name] == "" {
		return nil
	}
	one := slices.IndexFunc(state.fresh, func(f observedContainer) bool { return a.underway(f) })
	if len(state.old) > 0 || one < 0 {
		a.report(name, "running it")
		if err := a.create(ctx, name, a.release.Model.Services[name].Replicas, api.RecreateForce); err != nil {
			return err
		}
	}
	state, err := a.state(ctx, name)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(state.all(), func(f observedContainer) bool { return f.State.Status == container.StateCreated }) {
		if err := a.start(ctx, name); err != nil {
			return err
		}
	}
	return inParallel(state.all(), func(_ int, f observedContainer) error { return a.await(ctx, name, f.ID, judgeJob) })
}

// underway reports whether a job has succeeded, is running, or is about to.
func (a *apply) underway(f observedContainer) bool {
	return f.succeeded() || f.running() || f.State.Status == container.StateCreated
}
