package docker

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// RunJob runs a service of a release once, to its end, unless a davit that was killed has left its container.
func (b *Backend) RunJob(
	ctx context.Context, r release.Release, service string, variables map[string]string, o deploy.ApplyOptions,
) error {
	a, err := b.newApply(ctx, release.Plan{Changes: []release.Change{
		{Kind: release.Create, Subject: release.SubjectService, Name: service},
	}}, r, o)
	if err != nil {
		return err
	}
	defer a.watch(ctx)()
	a.variables = variables
	job := &reconciler{apply: a, name: service, want: r.Model.Services[service]}
	return errors.Join(a.end(ctx, service, job.once(ctx)), b.endChange(ctx, a.guard.mark))
}

// once runs one container to its end.
func (r *reconciler) once(ctx context.Context) error {
	all, err := r.observed(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, r.isRun) {
		if all, err = r.createOnce(ctx); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(all, func(f observedContainer) bool { return f.State.Status == container.StateCreated }) {
		if err := r.start(ctx); err != nil {
			return err
		}
	}
	return inParallel(all, func(_ int, f observedContainer) error {
		return r.await(ctx, f.ID, r.options.Timeout, 0, judgeJob)
	})
}

// isRun reports whether a container is the one of a run for the release that goes on, or has ended well.
func (r *reconciler) isRun(f observedContainer) bool {
	return f.label(label.Release) == label.Number(r.release.Number) && f.underway()
}

// createOnce creates the only container of a run.
func (r *reconciler) createOnce(ctx context.Context) ([]observedContainer, error) {
	if err := r.backend.RemoveJobs(ctx, []string{r.name}); err != nil {
		return nil, err
	}
	r.report(r.name, fmt.Sprintf("running it, of release %d", r.release.Number))
	if err := r.create(ctx, 1, api.RecreateForce); err != nil {
		return nil, err
	}
	return r.observed(ctx)
}

// RemoveJobs removes the containers of services.
func (b *Backend) RemoveJobs(ctx context.Context, services []string) error {
	all, err := b.containers(ctx)
	if err != nil {
		return err
	}
	return inParallel(all, func(_ int, c container.Summary) error {
		if !slices.Contains(services, c.Labels[api.ServiceLabel]) {
			return nil
		}
		return b.stopAndRemove(ctx, c.ID)
	})
}
