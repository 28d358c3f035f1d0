package docker

import (
	"context"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/logs"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// prune removes what the release does not have any more: containers, then networks, and volumes if that is asked for.
func (a *apply) prune(ctx context.Context) error {
	if err := a.clearOrphans(ctx); err != nil {
		return err
	}
	all, err := a.t.containers(ctx)
	if err != nil {
		return err
	}
	err = each(all, func(_ int, c container.Summary) error {
		if _, wanted := a.r.Model.Services[c.Labels[api.ServiceLabel]]; wanted {
			return nil
		}
		a.say(logs.Name(c.Labels), "is no longer wanted, and goes")
		err := a.t.end(ctx, c.ID)
		a.tell(ended(logs.Name(c.Labels), err, ctx.Err() != nil))
		return err
	})
	if err != nil {
		return err
	}
	if err := a.t.pruneNetworks(ctx, a.r.Model.Networks); err != nil || !a.o.Volumes {
		return err
	}
	return a.t.pruneVolumes(ctx, a.r.Model.Volumes)
}

// clearOrphans removes the containers of no service that the plan names.
func (a *apply) clearOrphans(ctx context.Context) error {
	return each(a.alone, func(_ int, name string) error {
		a.say(name, "is of no service, and goes")
		err := a.t.end(ctx, name)
		a.tell(ended(name, err, ctx.Err() != nil))
		return err
	})
}

// pruneNetworks removes the environment's networks but for some.
func (t *Target) pruneNetworks(ctx context.Context, keep map[string]release.Fields) error {
	list, err := t.engine.NetworkList(ctx, client.NetworkListOptions{Filters: ofProject(t.project)})
	if err != nil {
		return err
	}
	for _, n := range list.Items {
		if _, wanted := keep[n.Labels[api.NetworkLabel]]; wanted {
			continue
		}
		if _, err := t.engine.NetworkRemove(ctx, n.ID, client.NetworkRemoveOptions{}); gone(err) != nil {
			return err
		}
	}
	return nil
}

// pruneVolumes removes the environment's volumes but for some, with what is in them.
func (t *Target) pruneVolumes(ctx context.Context, keep map[string]release.Fields) error {
	list, err := t.engine.VolumeList(ctx, client.VolumeListOptions{Filters: ofProject(t.project)})
	if err != nil {
		return err
	}
	for _, v := range list.Items {
		if _, wanted := keep[v.Labels[api.VolumeLabel]]; wanted {
			continue
		}
		if err := t.pruneQuarantinedWith(ctx, v.Name); err != nil {
			return err
		}
		if _, err := t.engine.VolumeRemove(ctx, v.Name, client.VolumeRemoveOptions{}); gone(err) != nil {
			return err
		}
	}
	return nil
}
