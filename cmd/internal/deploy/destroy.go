package deploy

import (
	"context"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// nameOthers warns of what a destroy leaves alone: it has the labels of the environment, and is not davit's.
func (o *operation) nameOthers(live release.Observed) {
	names := slices.Clone(live.Unmanaged)
	for _, t := range live.Adoptable {
		names = append(names, t.Name)
	}
	if len(names) > 0 {
		o.emit(ui.Event{Type: ui.EventWarning,
			Text: "not davit's, and left alone: " + strings.Join(names, ", ")})
	}
}

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
		o.nameOthers(live)
		if err := confirm(ctx, live.Owned()); err != nil {
			return err
		}
		t := o.track()
		err = o.backend.Destroy(ctx, deploy.DestroyOptions{Volumes: r.Volumes, Emit: t.event})
		t.end(err)
		detail := ""
		if r.Volumes {
			detail = "with its volumes"
		}
		o.audit(ctx, release.Destroyed, detail, err)
		return err
	})
}
