package docker

import (
	"context"
	"slices"

	"github.com/davit-dev/davit/runner/deploy/docker/containers"
	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/api/types/volume"
	"github.com/moby/moby/client"
)

// createNetworks creates the networks and the volumes. An engine changes neither, so one that differs is
// removed first, with the containers that use it; a volume only where the deletion of volumes is asked for.
func (a *apply) createNetworks(ctx context.Context) error {
	for _, key := range a.clearedNetworks {
		if err := a.clearNetwork(ctx, key); err != nil {
			return err
		}
	}
	for _, key := range a.replacedVolumes {
		if err := a.clearVolume(ctx, key); err != nil {
			return err
		}
	}
	p, err := a.project()
	if err != nil {
		return err
	}
	if err := a.sdk.Create(ctx, p, api.CreateOptions{Services: []string{}, Recreate: api.RecreateNever,
		RecreateDependencies: api.RecreateNever, IgnoreOrphans: true}); err != nil {
		return err
	}
	return ctx.Err()
}

func (a *apply) clearNetwork(ctx context.Context, key string) error {
	list, err := a.backend.engine.NetworkList(ctx, client.NetworkListOptions{
		Filters: ofProject(a.backend.project).Add("label", api.NetworkLabel+"="+key),
	})
	if err != nil {
		return err
	}
	for _, n := range slices.DeleteFunc(list.Items, func(n network.Summary) bool { return !a.owner.network(n) }) {
		if err := a.removeContainers(ctx, client.Filters{}.Add("network", n.ID)); err != nil {
			return err
		}
		if err := a.backend.removeNetwork(ctx, a.owner, n); err != nil {
			return err
		}
	}
	return nil
}

func (a *apply) clearVolume(ctx context.Context, key string) error {
	if !a.options.Volumes {
		return nil
	}
	list, err := a.backend.engine.VolumeList(ctx, client.VolumeListOptions{
		Filters: ofProject(a.backend.project).Add("label", api.VolumeLabel+"="+key),
	})
	if err != nil {
		return err
	}
	for _, v := range slices.DeleteFunc(list.Items, func(v volume.Volume) bool { return !a.owner.volume(v) }) {
		if err := a.removeContainers(ctx, client.Filters{}.Add("volume", v.Name)); err != nil {
			return err
		}
		if err := a.backend.removeVolume(ctx, a.owner, v.Name); err != nil {
			return err
		}
	}
	return nil
}

// removeContainers removes the environment's containers that match a filter. Those of others stay,
// and then so does what they use.
func (a *apply) removeContainers(ctx context.Context, of client.Filters) error {
	list, err := a.backend.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: of})
	if err != nil {
		return err
	}
	for _, c := range slices.Clone(a.owner.services(list.Items)) {
		if err := a.backend.stopAndRemove(ctx, c.ID); err != nil {
			return err
		}
	}
	return nil
}

// stopAndRemove stops a container, with the time that it has for that, and removes it. A stop that has begun
// is not cancelled: the engine goes on with it, and may lose count of the containers on its networks if the
// container is removed meanwhile.
func (b *Backend) stopAndRemove(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if _, err := b.engine.ContainerStop(ctx, id, client.ContainerStopOptions{}); ignoreNotFound(err) != nil {
		return err
	}
	return b.remove(ctx, id)
}

// remove removes a container; its anonymous volumes stay. A container that is gone already is no error.
func (b *Backend) remove(ctx context.Context, id string) error {
	return containers.Remove(ctx, b.engine, id, false)
}
