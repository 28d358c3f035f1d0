package docker

import (
	"context"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/client"
)

// create has the SDK create containers of a service, up to n.
func (a *apply) create(ctx context.Context, name string, n int, policy string) error {
	p, err := a.project(name)
	if err != nil {
		return err
	}
	s := p.Services[name]
	s.SetScale(n)
	p.Services[name] = s
	err = a.sdk.Create(ctx, p, api.CreateOptions{
		Services: []string{name}, Recreate: policy, RecreateDependencies: api.RecreateNever, IgnoreOrphans: true, Inherit: true,
	})
	if err != nil {
		return err
	}
	return ctx.Err()
}

// run starts the stopped containers of a service, and waits until all are healthy.
func (a *apply) run(ctx context.Context, name string) error {
	if err := a.start(ctx, name); err != nil {
		return err
	}
	state, err := a.state(ctx, name)
	if err != nil {
		return err
	}
	return a.healthy(ctx, name, state.all())
}

// start has the SDK start stopped containers: it also copies configs and secrets into them.
func (a *apply) start(ctx context.Context, name string) error {
	if err := a.unpause(ctx, name); err != nil {
		return err
	}
	p, err := a.project(name)
	if err != nil {
		return err
	}
	if err := a.sdk.Start(ctx, a.backend.project, api.StartOptions{Project: p}); err != nil {
		return err
	}
	return ctx.Err()
}

// restart restarts the running containers.
func (a *apply) restart(ctx context.Context, state serviceState) error {
	return inParallel(state.all(), func(_ int, f observedContainer) error {
		if !f.running() {
			return nil
		}
		_, err := a.backend.engine.ContainerRestart(ctx, f.ID, client.ContainerRestartOptions{})
		return err
	})
}

// unpause resumes paused containers: the SDK cannot start them.
func (a *apply) unpause(ctx context.Context, name string) error {
	list, err := a.backend.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofService(a.backend.project, name).Add("status", "paused")})
	if err != nil {
		return err
	}
	for _, c := range list.Items {
		if _, err := a.backend.engine.ContainerUnpause(ctx, c.ID, client.ContainerUnpauseOptions{}); err != nil {
			return err
		}
	}
	return nil
}
