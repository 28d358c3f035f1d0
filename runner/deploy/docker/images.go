package docker

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/history"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Pull gets an image from a registry, by digest if the reference has one.
func (b *Backend) Pull(
	ctx context.Context, ref string, always bool, emit func(ui.Event),
) (release.Image, error) {
	return b.images.Pull(ctx, ref, always, emit)
}

// Image returns an image that the engine has, by name or id; nil if it has none.
func (b *Backend) Image(ctx context.Context, name string) (*release.Image, error) {
	return b.images.Image(ctx, name)
}

// Fetch pulls an image from the registry that it came from, or from the mirror of an environment, and gives
// it the name by which this environment keeps it. It refuses an image with a different digest.
func (b *Backend) Fetch(
	ctx context.Context, from release.Environment, service string, i release.Image, emit func(ui.Event),
) error {
	ref := history.Upstream(i)
	if ref == "" {
		if ref = history.MirrorImage(from, i); ref == "" {
			return errors.New("no registry has it")
		}
		defer b.images.Untag(context.WithoutCancel(ctx), ref)
	}
	pulled, err := b.images.Pull(ctx, ref, true, emit)
	if err != nil {
		return err
	}
	if pulled.Digest != i.Digest && pulled.Ref() != i.Ref() {
		return fmt.Errorf("%s is a different image, with the id %s", ref, pulled.Ref())
	}
	return b.records.Keep(ctx, service, i)
}

// Find returns an image of a release as the engine knows it; nil if it does not have it.
func (b *Backend) Find(ctx context.Context, i release.Image) (*release.Image, error) {
	return b.images.Find(ctx, i)
}

// Export has the engine save an image. The archive has all layers: an engine does not know which of them the
// other one has.
func (b *Backend) Export(ctx context.Context, i release.Image) (io.ReadCloser, error) {
	if has, err := b.images.Has(ctx, i.Ref()); err != nil || !has {
		return nil, missingImageError(err, i, b.Environment.Name)
	}
	return b.engine.ImageSave(ctx, []string{i.Ref()})
}

// Import has the engine load an image from an archive.
func (b *Backend) Import(ctx context.Context, i release.Image, archive io.Reader) error {
	if err := b.images.Load(ctx, archive); err != nil {
		return fmt.Errorf("image %q cannot be sent to environment %q: %w", i.Name, b.Environment.Name, err)
	}
	if found, err := b.Find(ctx, i); err != nil || found == nil {
		return missingImageError(err, i, b.Environment.Name)
	}
	return nil
}

func missingImageError(err error, i release.Image, environment string) error {
	if err != nil {
		return err
	}
	return fault.Preconditionf(
		"davit releases "+environment, "the engine of environment %q has no image %q with the digest %q",
		environment, i.Name, i.Digest)
}
