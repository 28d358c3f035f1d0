package history

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Restore has the images of a release in the engine again, from the registries that know them.
func (h *History) Restore(ctx context.Context, r release.Release, emit func(ui.Event)) error {
	for _, service := range slices.Sorted(maps.Keys(r.Images)) {
		i := r.Images[service]
		has, err := h.store.Has(ctx, i.ID)
		if err == nil && !has {
			err = h.Fetch(ctx, h.of, service, i, emit)
		}
		if err != nil {
			return fault.Preconditionf("davit releases "+h.of.Name+" lists what there is", "release %d of %s cannot come back, since the image of service %q is not on the engine any more: %v",
				r.Number, h.of.Name, service, err)
		}
	}
	return nil
}

// Fetch brings an image to the engine from the registry that it came from, or from the one that keeps the releases of an environment, which
// may be another, and gives it the name by which this one keeps it. An id is that of a content: what has another one is another image.
func (h *History) Fetch(ctx context.Context, from release.Environment, service string, i release.Image, emit func(ui.Event)) error {
	ref, shelf := upstream(i), h.mirrorOf(from)
	if ref == "" && shelf == nil {
		return errors.New("no registry has it")
	}
	if ref == "" {
		ref = shelf.image(i.ID)
		defer h.store.Untag(context.WithoutCancel(ctx), ref)
	}
	pulled, err := h.store.Pull(ctx, ref, true, emit)
	if err != nil {
		return err
	}
	if pulled.ID != i.ID {
		return fmt.Errorf("%s is another image, with the id %s", ref, pulled.ID)
	}
	return h.store.Tag(ctx, i.ID, h.imageTag(service, i))
}
