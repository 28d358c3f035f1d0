package docker

import (
	"context"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/logs"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// prune removes what the release does not have any more: containers, then networks, and volumes if that is
// asked for.
func (a *apply) prune(ctx context.Context) error {
	all, err := a.backend.containers(ctx)
	if err != nil {
		return err
	}
	err = inParallel(all, func(_ int, c container.Summary) error {
		if _, wanted := a.release.Model.Services[c.Labels[api.ServiceLabel]]; wanted {
			return nil
		}
		a.report(logs.Name(c.Labels), "removing it: the release does not have it")
		err := a.backend.stopAndRemove(ctx, c.ID)
		a.emit(endEvent(logs.Name(c.Labels), err, ctx.Err() != nil))
		return err
	})
	if err != nil {
		return err
	}
	if err := a.backend.pruneNetworks(ctx, a.owner, a.release.Model.Networks); err != nil || !a.options.Volumes {
		return err
	}
	return a.backend.pruneVolumes(ctx, a.owner, a.release.Model.Volumes)
}

// pruneNetworks removes the environment's networks except those to keep.
func (b *Backend) pruneNetworks(ctx context.Context, o owner, keep map[string]release.Fields) error {
	list, err := b.engine.NetworkList(ctx, client.NetworkListOptions{Filters: ofProject(b.project)})
	if err != nil {
		return err
	}
	for _, n := range list.Items {
		if _, wanted := keep[n.Labels[api.NetworkLabel]]; wanted || !o.network(n) {
			continue
		}
		if _, err := b.engine.NetworkRemove(ctx, n.ID,
			client.NetworkRemoveOptions{}); ignoreNotFound(err) != nil {
			return err
		}
	}
	return nil
}

// pruneVolumes removes the environment's volumes except those to keep, and their data.
func (b *Backend) pruneVolumes(ctx context.Context, o owner, keep map[string]release.Fields) error {
	list, err := b.engine.VolumeList(ctx, client.VolumeListOptions{Filters: ofProject(b.project)})
	if err != nil {
		return err
	}
	for _, v := range list.Items {
		if _, wanted := keep[v.Labels[api.VolumeLabel]]; wanted || !o.volume(v) {
			continue
		}
		if err := b.quarantine.pruneWith(ctx, o, v.Name); err != nil {
			return err
		}
		if _, err := b.engine.VolumeRemove(ctx, v.Name,
			client.VolumeRemoveOptions{}); ignoreNotFound(err) != nil {
			return err
		}
	}
	return nil
}
