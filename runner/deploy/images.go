package deploy

import (
	"context"
	"io"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// An ImageSource gets the images that the environment runs.
type ImageSource interface {
	// Image returns an image that the backend has, by name or by digest; nil if it has none.
	Image(ctx context.Context, ref string) (*release.Image, error)
	// Find returns an image of a release, made elsewhere perhaps, as this backend knows it; nil if it does
	// not have it.
	Find(ctx context.Context, i release.Image) (*release.Image, error)
	// Pull gets an image from a registry, by digest if the reference has one. Without always, an image of
	// that name that the backend has already is taken without asking a registry.
	Pull(ctx context.Context, ref string, always bool, emit func(ui.Event)) (release.Image, error)
	// Fetch gets an image of a release from the registry that it was pulled from, or from the one that
	// mirrors the releases of an environment, and keeps it for a service.
	Fetch(ctx context.Context, from release.Environment, service string, i release.Image,
		emit func(ui.Event)) error
	// Export returns an image as an archive, in the format of "docker save".
	Export(ctx context.Context, i release.Image) (io.ReadCloser, error)
	// Import reads an archive of an image, as Export returns it.
	Import(ctx context.Context, i release.Image, archive io.Reader) error
}
