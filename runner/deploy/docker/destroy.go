package docker

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
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

// destroy removes what belongs to the environment. The volumes of its containers that have no name are gone with them:
// the engine would remove only those that a container had first.
func (b *Backend) destroy(ctx context.Context, own owner, o deploy.DestroyOptions) error {
	all, err := b.engine.ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: ofProject(b.project),
	})
	if err != nil {
		return err
	}
	unnamed, err := b.anonymousVolumes(ctx, own, all.Items)
	if err != nil {
		return err
	}
	if own.record != nil {
		unnamed = slices.Compact(slices.Sorted(slices.Values(slices.Concat(own.record.Unnamed, unnamed))))
	}
	if err := b.recordUnnamed(ctx, own, unnamed); err != nil {
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
	errs := []error{b.pruneResources(ctx, own, release.Model{}, o.Volumes)}
	if !o.Volumes {
		return errors.Join(errs...)
	}
	var left []string
	for _, name := range unnamed {
		if err := b.removeVolume(ctx, own, name); err != nil {
			left, errs = append(left, name), append(errs, err)
		}
	}
	return errors.Join(append(errs, b.recordUnnamed(ctx, own, left))...)
}

// recordUnnamed records which volumes without names belong to the environment and have no container of it.
func (b *Backend) recordUnnamed(ctx context.Context, own owner, names []string) error {
	if own.record == nil {
		return nil
	}
	return b.UpdateOwnership(ctx, func(was *release.Ownership) (*release.Ownership, error) {
		if was == nil || slices.Equal(was.Unnamed, names) {
			return nil, nil
		}
		was.Unnamed = names
		return was, nil
	})
}

// anonymousVolumes returns the names that the engine has given to volumes of the environment's containers, sorted, but
// for those of other containers which these have by volumes_from.
func (b *Backend) anonymousVolumes(ctx context.Context, own owner, all []container.Summary) (names []string, err error) {
	all = slices.DeleteFunc(slices.Clone(all), func(c container.Summary) bool { return !own.container(c) })
	containers, err := b.inspect(ctx, all, nil)
	for _, f := range containers {
		for _, m := range f.Mounts {
			if m.Type == mount.TypeVolume && anonymous(m.Name) && f.label(label.Volumes+m.Name) == "" &&
				!inherits(f, m.Destination, containers) {
				names = append(names, m.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), err
}
