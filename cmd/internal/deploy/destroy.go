package deploy

import (
	"context"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Destroy removes the containers and networks of an environment and, if asked to, its volumes. Its releases
// stay, so that it can be deployed again. Confirm gets what there is, and may refuse.
func (e *Environments) Destroy(
	ctx context.Context, r Request, confirm func(context.Context, release.Observed) error,
	emit func(ui.Event),
) error {
	return e.change(ctx, r, "destroy", emit, func(ctx context.Context, o *operation) error {
		live, err := o.backend.Observe(ctx, deploy.ObserveOptions{})
		if err != nil {
			return err
		}
		if err := confirm(ctx, live); err != nil {
			return err
		}
		t := o.track()
		err = o.backend.Destroy(ctx, deploy.DestroyOptions{Volumes: r.Volumes, Emit: t.event})
		t.end(err)
		return err
	})
}
