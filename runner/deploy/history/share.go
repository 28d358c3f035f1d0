package history

import (
	"context"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/image"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// sharing is what is copied from the engine to the registry.
type sharing struct {
	h    *History
	to   *registryMirror
	tags []string // that are there
	emit func(ui.Event)
}

// Mirror copies to the registry what it lacks of the releases, and removes the oldest there but for so many.
func (h *History) Mirror(ctx context.Context, keep int, emit func(ui.Event)) error {
	s := sharing{h: h, to: h.mirrorOf(h.of), emit: emit}
	if s.to == nil {
		return nil
	}
	var err error
	if s.tags, err = s.to.Tags(ctx); err != nil {
		return err
	}
	records, err := h.records(ctx)
	if err != nil {
		return err
	}
	for _, r := range slices.Backward(latest(records)) {
		if err := s.release(ctx, r); err != nil {
			return err
		}
	}
	return s.prune(ctx, keep)
}

// latest are the last records of each release.
func latest(records []image.Summary) (all []image.Summary) {
	for i, r := range records {
		if i == 0 || records[i-1].Labels[label.Release] != r.Labels[label.Release] {
			all = append(all, r)
		}
	}
	return all
}

// release copies one, its images first: what the registry lists is whole.
func (s *sharing) release(ctx context.Context, summary image.Summary) error {
	tag := record(summary.Labels[label.Release], summary.Labels[label.Result])
	if slices.Contains(s.tags, tag) {
		return nil
	}
	r, err := s.h.read(ctx, summary.ID)
	if err != nil {
		return err
	}
	for _, i := range r.Images {
		if err := s.image(ctx, i); err != nil {
			return err
		}
	}
	return s.push(ctx, summary.ID, s.to.Repository+":"+tag)
}

// image copies one, unless a registry knows it by its digest, or it is lost: then a release goes without it.
func (s *sharing) image(ctx context.Context, i release.Image) error {
	ref := s.to.image(i.ID)
	if upstream(i) != "" || slices.Contains(s.tags, strings.TrimPrefix(ref, s.to.Repository+":")) {
		return nil
	}
	if has, err := s.h.store.Has(ctx, i.ID); err != nil || !has {
		return err
	}
	return s.push(ctx, i.ID, ref)
}

// push has the engine push an image.
func (s *sharing) push(ctx context.Context, id, ref string) error {
	s.tags = append(s.tags, strings.TrimPrefix(ref, s.to.Repository+":"))
	return s.h.store.Push(ctx, id, ref, s.emit)
}

// prune removes what is outlived from the registry, as far as that deletes: records, and then images that no record names any more.
func (s *sharing) prune(ctx context.Context, keep int) error {
	all := entries(s.tags)
	gone := outlived(all, keep)
	if len(gone) == 0 {
		return nil
	}
	named, err := s.named(ctx, all, gone)
	if err != nil {
		return err
	}
	for _, tag := range s.tags {
		number, _, _ := strings.Cut(strings.TrimPrefix(tag, recordPrefix), "-")
		old := strings.HasPrefix(tag, recordPrefix) && slices.ContainsFunc(gone, func(e entry) bool { return e.number == number })
		if !old && (!strings.HasPrefix(tag, imagePrefix) || named[tag]) {
			continue
		}
		if err := s.to.Delete(ctx, tag); err != nil {
			return err
		}
	}
	return nil
}

// named are the tags of the images of the releases that stay.
func (s *sharing) named(ctx context.Context, all, gone []entry) (map[string]bool, error) {
	tags := map[string]bool{}
	for _, e := range all {
		if slices.Contains(gone, e) {
			continue
		}
		r, err := s.to.read(ctx, e.tag)
		if err != nil {
			return nil, err
		}
		for _, i := range r.Images {
			tags[strings.TrimPrefix(s.to.image(i.ID), s.to.Repository+":")] = true
		}
	}
	return tags, nil
}
