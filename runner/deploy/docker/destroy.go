package docker

import (
	"context"
	"errors"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Destroy removes the containers and the networks, and the volumes if that is asked for. Releases stay. Of an
// ephemeral environment nothing stays.
func (b *Backend) Destroy(ctx context.Context, o deploy.DestroyOptions) error {
	if b.Environment.Ephemeral != nil {
		return b.removeEphemeral(ctx, b.project)
	}
	if recorded, err := b.Ownership(ctx); err != nil || recorded == nil {
		return err
	}
	own, mark, err := b.beginChange(ctx, release.Plan{})
	if err != nil {
		return err
	}
	return errors.Join(b.destroy(ctx, own, o), b.endChange(ctx, mark))
}

// destroy removes what belongs to the environment.
func (b *Backend) destroy(ctx context.Context, own owner, o deploy.DestroyOptions) error {
	all, err := b.engine.ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: ofProject(b.project),
	})
	if err != nil {
		return err
	}
	err = inRemovalOrder(all.Items, func(c container.Summary) error {
		if !own.container(c) {
			return nil
		}
		if o.Emit != nil {
			o.Emit(ui.Said(c.Labels[api.ServiceLabel], "removing "+strings.TrimPrefix(c.Names[0], "/")))
		}
		return b.stopAndRemove(ctx, c.ID)
	})
	if err != nil {
		return err
	}
	for _, c := range all.Items {
		if o.Emit != nil {
			o.Emit(endEvent(c.Labels[api.ServiceLabel], nil, false))
		}
	}
	return b.pruneResources(ctx, own, release.Model{}, o.Volumes)
}
