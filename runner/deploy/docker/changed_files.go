package docker

import (
	"archive/tar"
	"context"
	"io"
	"slices"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/compose"
)

// changedFiles returns the files in which a container differs from its image, "A /etc/x", without folders
// that only contain such files. Configs and secrets, which the SDK put there, are compared with the release.
func (b *Backend) changedFiles(ctx context.Context, c observedContainer) ([]string, error) {
	diff, err := b.engine.ContainerDiff(ctx, c.ID, client.ContainerDiffOptions{})
	if err != nil {
		return nil, b.ignoreRemoving(ctx, c.ID, err)
	}
	of := injected(c.InspectResponse)
	changed, err := b.changedContents(ctx, c, of)
	return slices.Concat(deepestChanges(diff.Changes, of), changed), err
}

// changedContents returns the configs and secrets of a container that have another text than the release, or are
// gone.
func (b *Backend) changedContents(
	ctx context.Context, c observedContainer, paths []string,
) (changed []string, err error) {
	for _, path := range paths {
		text, exists, err := b.content(ctx, c.ID, path)
		switch {
		case err != nil:
			return nil, b.ignoreRemoving(ctx, c.ID, err)
		case !exists && c.State.StartedAt != "" && c.State.Status != container.StateCreated:
			changed = append(changed, "D "+path)
		case exists && !compose.IsContent(text, injectedHash(c.InspectResponse, path), c.key.Secret):
			changed = append(changed, "C "+path)
		}
	}
	slices.Sort(changed)
	return changed, nil
}

// maxContent is more than a config or a secret may have.
const maxContent = 2 << 20

// content returns the text of a file of a container, and whether there is one.
func (b *Backend) content(ctx context.Context, id, path string) (text string, exists bool, err error) {
	r, err := b.engine.CopyFromContainer(ctx, id, client.CopyFromContainerOptions{SourcePath: path})
	if err != nil {
		return "", false, ignoreNotFound(err)
	}
	defer r.Content.Close()
	archive := tar.NewReader(r.Content)
	if _, err := archive.Next(); err != nil {
		return "", true, err
	}
	all, err := io.ReadAll(io.LimitReader(archive, maxContent))
	return string(all), true, err
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
