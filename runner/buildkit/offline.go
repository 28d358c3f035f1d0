package buildkit

import (
	"context"

	"github.com/containerd/errdefs"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/runner/engine"
)

// checkOffline refuses an image that a Docker engine would have to pull, if --offline was given. A BuildKit of its
// own has no store of images that could be asked. Without a platform that of the image does not matter.
func (r *Runner) checkOffline(ctx context.Context, ref string, p *ocispecs.Platform) error {
	if !r.engine.request.Offline || r.conn.Docker == nil {
		return nil
	}
	i, err := r.conn.Docker.ImageInspect(ctx, ref)
	switch {
	case errdefs.IsNotFound(err), err == nil && p != nil && (i.Os != p.OS || i.Architecture != p.Architecture):
		return &engine.MissingImageError{Image: ref}
	}
	return err
}
