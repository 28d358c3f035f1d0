package history

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// records are the images of the releases, the newest first, and of one release the last first.
func (h *History) records(ctx context.Context) ([]image.Summary, error) {
	list, err := h.store.Engine.ImageList(ctx, client.ImageListOptions{Filters: client.Filters{}.Add("label",
		label.Project+"="+h.of.Project, label.Environment+"="+h.of.Name, label.Release)})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list.Items, func(a, b image.Summary) int {
		return cmp.Or(cmp.Compare(b.Labels[label.Release], a.Labels[label.Release]), cmp.Compare(b.Labels[label.Recorded], a.Labels[label.Recorded]))
	})
	return list.Items, nil
}

// Releases are the records of the environment, the newest first. What the engine says is the truth; only one that has none is taken for
// one that has lost them, and the registry is asked.
func (h *History) Releases(ctx context.Context) (all []release.Release, err error) {
	records, err := h.records(ctx)
	if err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return h.mirrored(ctx)
	}
	records = latest(records)
	found, errs := make([]*release.Release, len(records)), make([]error, len(records))
	var group sync.WaitGroup
	for i, r := range records {
		group.Go(func() { found[i], errs[i] = h.recorded(ctx, r.ID) })
	}
	group.Wait()
	for _, r := range found {
		if r != nil { // another davit has just forgotten it
			all = append(all, *r)
		}
	}
	return all, errors.Join(errs...)
}

// recorded is the release in an image, nil where that is gone. It is read once: another release has another id.
func (h *History) recorded(ctx context.Context, id string) (*release.Release, error) {
	if r, known := h.known.Load(id); known {
		return r.(*release.Release), nil
	}
	r, err := h.read(ctx, id)
	if errdefs.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	h.known.Store(id, &r)
	return &r, nil
}

// mirrored are the releases that the registry has and the engine has not.
func (h *History) mirrored(ctx context.Context) (all []release.Release, err error) {
	s := h.mirrorOf(h.of)
	if s == nil {
		return nil, nil
	}
	if h.onlyMirrored, err = s.releases(ctx); err != nil {
		return nil, fault.Preconditionf(unasked(err, h.of), "the engine of %s has no releases, and whether there were any is not known: %v", h.of.Name, err)
	}
	return slices.Clone(h.onlyMirrored), nil
}

// unasked is the next command where a registry does not tell.
func unasked(err error, e release.Environment) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) && h.Hint() != "" {
		return h.Hint()
	}
	return "registry = false in [environments." + e.Name + "] keeps its releases on its engine alone"
}
