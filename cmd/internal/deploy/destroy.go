package deploy

import (
	"context"
	"maps"
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

// A Removal is what a destroy removes.
type Removal struct {
	release.Observed
	// Foreign says why it may be of another project of the same name; empty if nothing speaks for it. Unrelated is
	// the error of a removal that nobody is asked about, if this project has none of the services either.
	Foreign   string
	Unrelated error
}

// removal returns what a destroy removes.
func (o *operation) removal(ctx context.Context, live release.Observed) Removal {
	r := Removal{Observed: live.Owned(), Foreign: o.foreign(ctx)}
	if r.Foreign == "" {
		return r
	}
	last := o.last()
	rendered, err := o.backend.Render(ctx)
	if err == nil && !sharesService(rendered.Services(), last.Images) {
		r.Unrelated = refused("davit destroy "+o.Name+" in that folder removes it; here, without --yes, a terminal asks",
			"release %d of %s, by %s, was deployed from %s, and this project has neither its commit nor its services (%s): it may be of "+
				"another project with the name %q", last.Number, o.Name, last.By, last.Folder,
			strings.Join(slices.Sorted(maps.Keys(last.Images)), ", "), o.Project)
	}
	return r
}

// sharesService reports whether a release has one of some services.
func sharesService(services []string, images map[string]release.Image) bool {
	return slices.ContainsFunc(services, func(name string) bool { _, has := images[name]; return has })
}

// Destroy removes the containers and networks of an environment and, if asked to, its volumes. Its releases
// stay, so that it can be deployed again. Confirm gets what there is, and may refuse.
func (e *Environments) Destroy(
	ctx context.Context, r Request, confirm func(context.Context, Removal) error,
	emit func(ui.Event),
) error {
	return e.change(ctx, r, "destroy", emit, func(ctx context.Context, o *operation) error {
		live, err := o.backend.Observe(ctx, deploy.ObserveOptions{})
		if err != nil {
			return err
		}
		o.nameOthers(live)
		if err := confirm(ctx, o.removal(ctx, live)); err != nil {
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
