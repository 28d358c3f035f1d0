package compose

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/release"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// Restore has the images of a release in the engine again, from the registries that know them.
func (t *Target) Restore(ctx context.Context, r release.Release, emit func(ui.Event)) error {
	for _, service := range slices.Sorted(maps.Keys(r.Images)) {
		i := r.Images[service]
		has, err := has(ctx, t.engine, i.ID)
		if err == nil && !has {
			err = t.fetch(ctx, t.shelfOf(t.Environment), service, i, emit)
		}
		if err != nil {
			return runner.Impossible("davit releases "+t.Environment.Name+" lists what there is", "release %d of %s cannot come back, since the image of service %q is not on the engine any more: %v",
				r.Number, t.Environment.Name, service, err)
		}
	}
	return nil
}

// fetch brings an image to the engine from the registry that it came from, or from a shelf that it was put on, and gives it the name by
// which the environment keeps it. An id is that of a content: what has another one is another image.
func (t *Target) fetch(ctx context.Context, from *shelf, service string, i release.Image, emit func(ui.Event)) error {
	ref := upstream(i)
	if ref == "" && from == nil {
		return errors.New("no registry has it")
	}
	if ref == "" {
		ref = from.image(i.ID)
		defer t.untag(context.WithoutCancel(ctx), ref)
	}
	pulled, err := t.pull(ctx, ref, emit)
	if err != nil {
		return err
	}
	if pulled.ID != i.ID {
		return fmt.Errorf("%s is another image, with the id %s", ref, pulled.ID)
	}
	_, err = t.engine.ImageTag(ctx, client.ImageTagOptions{Source: i.ID, Target: t.imageTag(service, i)})
	return err
}
