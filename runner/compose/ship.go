package compose

import (
	"cmp"
	"context"
	"fmt"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/release"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// Send brings an image from another environment: from the registry that keeps its releases, or else over the connections of both. An
// image that is there is not sent.
func (t *Target) Send(ctx context.Context, from runner.Target, i release.Image, emit func(ui.Event)) error {
	source, ours := from.(*Target)
	if !ours {
		return fmt.Errorf("image %q is in an environment that has no Docker engine", i.Name)
	}
	if has, err := has(ctx, t.engine, i.ID); err != nil || has {
		return err
	}
	absent := t.fromShelf(ctx, source, i, emit)
	if absent == nil {
		return nil
	}
	if has, err := has(ctx, source.engine, i.ID); err != nil || !has {
		return cmp.Or(err, absent)
	}
	return t.stream(ctx, source, i, emit)
}

// fromShelf brings an image from the registry that keeps the releases of another environment, where one does.
func (t *Target) fromShelf(ctx context.Context, source *Target, i release.Image, emit func(ui.Event)) error {
	shelf := t.shelfOf(source.Environment)
	if shelf == nil {
		return missing(nil, i, source.Environment.Name)
	}
	if err := t.fetch(ctx, shelf, "sent", i, emit); err != nil {
		return runner.Impossible("davit releases "+source.Environment.Name, "the engine of environment %q has no image %q any more, and the registry does not help: %v", source.Environment.Name, i.Name, err)
	}
	return nil
}

// stream has one engine save an image and the other one load it. All of its layers are sent: an engine does not tell which it has.
func (t *Target) stream(ctx context.Context, source *Target, i release.Image, emit func(ui.Event)) error {
	saved, err := source.engine.ImageSave(ctx, []string{i.ID})
	if err != nil {
		return err
	}
	defer saved.Close()
	if err := load(ctx, t.engine, counted(saved, i.Name, emit)); err != nil {
		return fmt.Errorf("image %q cannot be sent to environment %q: %w", i.Name, t.Environment.Name, err)
	}
	if has, err := has(ctx, t.engine, i.ID); err != nil || !has {
		return missing(err, i, t.Environment.Name)
	}
	return nil
}

func missing(err error, i release.Image, environment string) error {
	if err != nil {
		return err
	}
	return runner.Impossible("davit releases "+environment, "the engine of environment %q has no image %q with the id %q", environment, i.Name, i.ID)
}

func has(ctx context.Context, c client.APIClient, id string) (bool, error) {
	_, err := c.ImageInspect(ctx, id)
	if errdefs.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}
