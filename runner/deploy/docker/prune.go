package docker

import (
	"context"
	"errors"
	"slices"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker/logs"
	"github.com/davit-dev/davit/runner/deploy/docker/networks"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// prune removes what the release does not have any more: containers, then networks, and volumes if that is
// asked for.
func (a *apply) prune(ctx context.Context) error {
	all, err := a.containers(ctx)
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
	return a.backend.pruneResources(ctx, a.owner, a.release.Model, a.options.Volumes)
}

// pruneResources removes the environment's networks, and volumes if that is asked for, except those of a model.
// What cannot be removed does not keep the others.
func (b *Backend) pruneResources(ctx context.Context, o owner, keep release.Model, volumes bool) error {
	err := b.pruneNetworks(ctx, o, keep.Networks)
	if !volumes {
		return err
	}
	return errors.Join(err, b.pruneVolumes(ctx, o, keep))
}

// pruneNetworks removes the environment's networks except those to keep.
func (b *Backend) pruneNetworks(ctx context.Context, o owner, keep map[string]release.Fields) error {
	list, err := b.engine.NetworkList(ctx, client.NetworkListOptions{Filters: ofProject(b.project)})
	errs := []error{err}
	for _, n := range list.Items {
		if _, wanted := keep[n.Labels[api.NetworkLabel]]; !wanted && o.network(n) {
			errs = append(errs, b.removeNetwork(ctx, o, n))
		}
	}
	return errors.Join(errs...)
}

// pruneVolumes removes the environment's volumes except those to keep, and their data.
func (b *Backend) pruneVolumes(ctx context.Context, o owner, keep release.Model) error {
	list, err := b.engine.VolumeList(ctx, client.VolumeListOptions{Filters: ofProject(b.project)})
	errs := []error{err}
	for _, v := range list.Items {
		if !keep.UsesVolume(b.project, v.Name) && o.volume(v) {
			errs = append(errs, b.removeVolume(ctx, o, v.Name))
		}
	}
	return errors.Join(errs...)
}

// removeNetwork removes a network of the environment. The error names the containers of others on it.
func (b *Backend) removeNetwork(ctx context.Context, o owner, n network.Summary) error {
	return b.nameUsers(ctx, o, release.SubjectNetwork, n.Name, networks.Remove(ctx, b.engine, n.ID))
}

// removeVolume removes a volume of the environment, and the quarantined containers with it. The error names the
// containers of others that have it.
func (b *Backend) removeVolume(ctx context.Context, o owner, name string) error {
	if err := b.quarantine.pruneWith(ctx, o, name); err != nil {
		return err
	}
	_, err := b.engine.VolumeRemove(ctx, name, client.VolumeRemoveOptions{})
	return b.nameUsers(ctx, o, release.SubjectVolume, name, ignoreNotFound(err))
}

// nameUsers returns the error of a network or a volume that the engine does not remove, by the containers of
// others that use it if there are any.
func (b *Backend) nameUsers(ctx context.Context, o owner, s release.Subject, name string, err error) error {
	if err == nil {
		return nil
	}
	list, listErr := b.engine.ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: client.Filters{}.Add(string(s), name),
	})
	var users []string
	for _, c := range list.Items {
		if !o.container(c) {
			users = append(users, containerThing(c).Name)
		}
	}
	if listErr != nil || len(users) == 0 {
		return err
	}
	slices.Sort(users)
	return deploy.InUse(s, name, users)
}
