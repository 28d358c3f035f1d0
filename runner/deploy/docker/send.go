package docker

import (
	"cmp"
	"context"
	"fmt"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Pull brings an image of a registry to the engine, by digest if the reference has one.
func (t *Target) Pull(ctx context.Context, ref string, anew bool, emit func(ui.Event)) (release.Image, error) {
	return t.images.Pull(ctx, ref, anew, emit)
}

// Image is one that the engine has, by its name or its id; nil where it has none.
func (t *Target) Image(ctx context.Context, name string) (*release.Image, error) {
	return t.images.Image(ctx, name)
}

// Send brings an image from another environment: from the registry that keeps its releases, or else over the connections of both. An
// image that is there is not sent.
func (t *Target) Send(ctx context.Context, from deploy.Target, i release.Image, emit func(ui.Event)) error {
	source, ours := from.(*Target)
	if !ours {
		return fmt.Errorf("image %q is in an environment that has no Docker engine", i.Name)
	}
	if has, err := t.images.Has(ctx, i.ID); err != nil || has {
		return err
	}
	absent := t.fromRegistry(ctx, source.Environment, i, emit)
	if absent == nil {
		return nil
	}
	if has, err := source.images.Has(ctx, i.ID); err != nil || !has {
		return cmp.Or(err, absent)
	}
	return t.stream(ctx, source, i, emit)
}

// fromRegistry brings an image from the registry that keeps the releases of another environment, where one does.
func (t *Target) fromRegistry(ctx context.Context, source release.Environment, i release.Image, emit func(ui.Event)) error {
	if source.Registry == "" {
		return missing(nil, i, source.Name)
	}
	if err := t.Fetch(ctx, source, "sent", i, emit); err != nil {
		return fault.Preconditionf("davit releases "+source.Name, "the engine of environment %q has no image %q any more, and the registry does not help: %v", source.Name, i.Name, err)
	}
	return nil
}

// stream copies an image from one engine to the other.
func (t *Target) stream(ctx context.Context, source *Target, i release.Image, emit func(ui.Event)) error {
	if err := t.images.Copy(ctx, source.images, i, emit); err != nil {
		return fmt.Errorf("image %q cannot be sent to environment %q: %w", i.Name, t.Environment.Name, err)
	}
	if has, err := t.images.Has(ctx, i.ID); err != nil || !has {
		return missing(err, i, t.Environment.Name)
	}
	return nil
}

func missing(err error, i release.Image, environment string) error {
	if err != nil {
		return err
	}
	return fault.Preconditionf("davit releases "+environment, "the engine of environment %q has no image %q with the id %q", environment, i.Name, i.ID)
}
