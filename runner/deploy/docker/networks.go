package docker

import (
	"context"
	"slices"

	"github.com/davit-dev/davit/runner/deploy/docker/containers"
	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/client"
)

// createNetworks makes the networks and the volumes. One that is to be another goes first, with the containers on it: an engine changes
// neither. A volume does so only where the deletion of volumes is asked for.
func (a *apply) createNetworks(ctx context.Context) error {
	for _, key := range a.nets {
		if err := a.clearNetwork(ctx, key); err != nil {
			return err
		}
	}
	for _, key := range a.vols {
		if err := a.clearVolume(ctx, key); err != nil {
			return err
		}
	}
	p, err := a.project()
	if err != nil {
		return err
	}
	if err := a.sdk.Create(ctx, p, api.CreateOptions{Services: []string{}, Recreate: api.RecreateNever, RecreateDependencies: api.RecreateNever, IgnoreOrphans: true}); err != nil {
		return err
	}
	return ctx.Err()
}

func (a *apply) clearNetwork(ctx context.Context, key string) error {
	list, err := a.t.engine.NetworkList(ctx, client.NetworkListOptions{Filters: ofProject(a.t.project).Add("label", api.NetworkLabel+"="+key)})
	if err != nil {
		return err
	}
	for _, n := range list.Items {
		if err := a.leave(ctx, client.Filters{}.Add("network", n.ID)); err != nil {
			return err
		}
		if _, err := a.t.engine.NetworkRemove(ctx, n.ID, client.NetworkRemoveOptions{}); gone(err) != nil {
			return err
		}
	}
	return nil
}

func (a *apply) clearVolume(ctx context.Context, key string) error {
	if !a.o.Volumes {
		return nil
	}
	list, err := a.t.engine.VolumeList(ctx, client.VolumeListOptions{Filters: ofProject(a.t.project).Add("label", api.VolumeLabel+"="+key)})
	if err != nil {
		return err
	}
	for _, v := range list.Items {
		if err := a.leave(ctx, client.Filters{}.Add("volume", v.Name)); err != nil {
			return err
		}
		if err := a.t.pruneQuarantinedWith(ctx, v.Name); err != nil {
			return err
		}
		if _, err := a.t.engine.VolumeRemove(ctx, v.Name, client.VolumeRemoveOptions{}); gone(err) != nil {
			return err
		}
	}
	return nil
}

// leave removes the environment's containers among some. Those of others stay: the engine then refuses what was to follow.
func (a *apply) leave(ctx context.Context, of client.Filters) error {
	list, err := a.t.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: of})
	if err != nil {
		return err
	}
	for _, c := range slices.Clone(a.t.ours(list.Items)) {
		if err := a.t.end(ctx, c.ID); err != nil {
			return err
		}
	}
	return nil
}

// end stops a container, with the time that it was made to have for it, and removes it. What has begun is not broken off: an engine goes on
// stopping, and may lose count of who is on its networks when the container is removed meanwhile.
func (t *Target) end(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if _, err := t.engine.ContainerStop(ctx, id, client.ContainerStopOptions{}); gone(err) != nil {
		return err
	}
	return t.remove(ctx, id)
}

// remove removes a container; its anonymous volumes stay. That it is gone already is no error.
func (t *Target) remove(ctx context.Context, id string) error {
	return containers.Remove(ctx, t.engine, id, false)
}
