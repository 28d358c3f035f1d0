package docker

import (
	"context"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/client"
)

// create has the SDK create containers of a service, up to n.
func (r *reconciler) create(ctx context.Context, n int, policy string) error {
	p, err := r.project(r.name)
	if err != nil {
		return err
	}
	s := p.Services[r.name]
	s.SetScale(n)
	p.Services[r.name] = s
	err = r.sdk.Create(ctx, p, api.CreateOptions{
		Services: []string{r.name}, Recreate: policy, RecreateDependencies: api.RecreateNever,
		IgnoreOrphans: true, Inherit: true,
	})
	if err != nil {
		return err
	}
	return ctx.Err()
}

// run starts the stopped containers of a service, and waits until all are healthy.
func (r *reconciler) run(ctx context.Context) error {
	if err := r.start(ctx); err != nil {
		return err
	}
	all, err := r.observed(ctx)
	if err != nil {
		return err
	}
	return r.healthy(ctx, all)
}

// start has the SDK start stopped containers: it also copies configs and secrets into them. Containers that are
// done stay as they are.
func (r *reconciler) start(ctx context.Context) error {
	if err := r.unpause(ctx); err != nil {
		return err
	}
	done, rest, err := r.splitDone(ctx)
	if err != nil || len(done) > 0 && len(rest) == 0 {
		return err
	}
	r.guard.hide(done, true)
	defer r.guard.hide(done, false)
	p, err := r.project(r.name)
	if err != nil {
		return err
	}
	if err := r.sdk.Start(ctx, r.backend.project, api.StartOptions{Project: p}); err != nil {
		return err
	}
	return ctx.Err()
}

// splitDone returns the containers of a service that may end and have ended well, and the others.
func (r *reconciler) splitDone(ctx context.Context) (done, rest []observedContainer, err error) {
	if !r.want.Ends {
		return nil, nil, nil
	}
	all, err := r.observed(ctx)
	for _, f := range all {
		if f.succeeded() {
			done = append(done, f)
		} else {
			rest = append(rest, f)
		}
	}
	return done, rest, err
}

// restart restarts the running containers.
func (r *reconciler) restart(ctx context.Context, state serviceState) error {
	return inParallel(state.all(), func(_ int, f observedContainer) error {
		if !f.running() {
			return nil
		}
		_, err := r.backend.engine.ContainerRestart(ctx, f.ID, client.ContainerRestartOptions{})
		return err
	})
}

// unpause resumes paused containers: the SDK cannot start them. New ones are not paused.
func (r *reconciler) unpause(ctx context.Context) error {
	if !r.paused {
		return nil
	}
	list, err := r.backend.engine.ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: ofService(r.backend.project, r.name).Add("status", "paused"),
	})
	if err != nil {
		return err
	}
	for _, c := range r.owner.services(list.Items) {
		if _, err := r.backend.engine.ContainerUnpause(ctx, c.ID,
			client.ContainerUnpauseOptions{}); err != nil {
			return err
		}
	}
	return nil
}
