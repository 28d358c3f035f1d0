package records

import (
	"context"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// ImageName returns the name by which the environment keeps the image of a service.
func (s *Store) ImageName(service string, i release.Image) string {
	_, hex, _ := strings.Cut(i.Digest, ":")
	return s.repository("image/"+strings.ToLower(service)) + ":" + hex[:min(12, len(hex))]
}

// Keep gives the image of a service a name of the environment's own. The next "docker image prune" would
// remove one without a name and without a container.
func (s *Store) Keep(ctx context.Context, service string, i release.Image) error {
	name := s.ImageName(service, i)
	if named, err := s.images.Image(ctx, name); err == nil && named != nil && named.Ref() == i.Ref() {
		return nil // an engine takes long to write its names
	}
	err := s.images.Tag(ctx, i.Ref(), name)
	if errdefs.IsNotFound(err) { // a restored release may name a lost image
		return nil
	}
	return err
}

// Unkeep removes those names, except from the images of some releases. An image that a container uses stays.
func (s *Store) Unkeep(ctx context.Context, but []release.Release) error {
	kept := map[string]bool{}
	for _, r := range but {
		for service, i := range r.Images {
			kept[s.ImageName(service, i)] = true
		}
	}
	list, err := s.images.Engine.ImageList(ctx, client.ImageListOptions{
		Filters: client.Filters{}.Add("reference", s.repository("image/*")),
	})
	if err != nil {
		return err
	}
	for _, i := range list.Items {
		for _, tag := range i.RepoTags {
			if strings.HasPrefix(tag, s.repository("image/")) && !kept[tag] {
				if err := s.images.Untag(ctx, tag); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Push has the engine push an image.
func (s *Store) Push(ctx context.Context, i release.Image, ref string, emit func(ui.Event)) error {
	if has, err := s.images.Has(ctx, i.Ref()); err != nil || !has {
		return err
	}
	return s.images.Push(ctx, i.Ref(), ref, emit)
}
