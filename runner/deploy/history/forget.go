package history

import (
	"context"
	"slices"
	"strings"

	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// PruneReleases removes the oldest releases but for so many, and what only they need. The last healthy one stays in any case: it is what a
// deploy that fails returns to.
func (h *History) PruneReleases(ctx context.Context, keep int) error {
	all, err := h.Releases(ctx)
	if err != nil {
		return err
	}
	gone, kept := map[string]bool{}, map[string]bool{}
	good := slices.IndexFunc(all, func(r release.Release) bool { return r.Result == release.Healthy })
	for i, r := range all {
		if i < keep || i == good {
			h.names(r, kept)
		} else {
			gone[label.Number(r.Number)] = true
		}
	}
	if err := h.forgetRecords(ctx, gone); err != nil {
		return err
	}
	return h.forgetImages(ctx, kept)
}

func (h *History) names(r release.Release, into map[string]bool) {
	for service, i := range r.Images {
		into[h.imageTag(service, i)] = true
	}
}

func (h *History) forgetRecords(ctx context.Context, numbers map[string]bool) error {
	records, err := h.records(ctx)
	if err != nil {
		return err
	}
	for _, r := range records {
		names := slices.DeleteFunc(r.RepoTags, func(tag string) bool { return tag == "<none>:<none>" })
		if len(names) == 0 { // a davit was killed while the engine loaded it
			names = []string{r.ID}
		} else if !numbers[r.Labels[label.Release]] {
			continue
		}
		for _, name := range names {
			if err := h.store.Untag(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetImages takes the names of the environment from images that no release has any more. An image that a container uses stays.
func (h *History) forgetImages(ctx context.Context, kept map[string]bool) error {
	list, err := h.store.Engine.ImageList(ctx, client.ImageListOptions{Filters: client.Filters{}.Add("reference", h.repository("image/*"))})
	if err != nil {
		return err
	}
	for _, i := range list.Items {
		for _, tag := range i.RepoTags {
			if strings.HasPrefix(tag, h.repository("image/")) && !kept[tag] {
				if err := h.store.Untag(ctx, tag); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
