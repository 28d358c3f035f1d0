package docker

import (
	"context"
	"slices"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// changedFiles returns the files in which a container differs from its image, "A /etc/x", without folders
// that only contain such files, and without those that the SDK put there.
func (b *Backend) changedFiles(ctx context.Context, c container.InspectResponse) ([]string, error) {
	diff, err := b.engine.ContainerDiff(ctx, c.ID, client.ContainerDiffOptions{})
	if err != nil {
		return nil, b.ignoreRemoving(ctx, c.ID, err)
	}
	return deepestChanges(diff.Changes, injected(c)), nil
}

// ignoreRemoving ignores an error about a container that is being removed: an engine says then that it does
// not find a folder of its own.
func (b *Backend) ignoreRemoving(ctx context.Context, id string, err error) error {
	c, missing := b.engine.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if errdefs.IsNotFound(missing) || missing == nil &&
		(c.Container.State.Status == container.StateRemoving ||
			c.Container.State.Status == container.StateDead) {
		return nil
	}
	return err
}

// deepestChanges returns the changes without folders that contain other changes, and without injected files.
func deepestChanges(changes []container.FilesystemChange, injected []string) (all []string) {
	paths := slices.Clone(injected)
	for _, c := range changes {
		paths = append(paths, c.Path)
	}
	for _, c := range changes {
		holds := func(p string) bool { return strings.HasPrefix(p, c.Path+"/") }
		if !slices.Contains(injected, c.Path) && !slices.ContainsFunc(paths, holds) {
			all = append(all, c.Kind.String()+" "+c.Path)
		}
	}
	slices.Sort(all)
	return all
}
