package deploy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
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
	// Volumes says whether volumes are removed, and Releases whether releases are; Numbers are those of these, the newest first.
	Volumes, Releases bool
	Numbers           []int
	// Foreign says why it may be of another project of the same name; empty if nothing speaks for it. Unrelated is
	// the error of a removal that nobody is asked about, if this project has none of the services either.
	Foreign   string
	Unrelated error
}

// Empty reports whether there is nothing to remove.
func (r Removal) Empty() bool {
	things := len(r.Containers) + len(r.Quarantined) + len(r.Model.Networks)
	if r.Volumes {
		things += len(r.Model.Volumes) + len(r.Unnamed)
	}
	if r.Releases {
		things += len(r.Numbers)
	}
	return things == 0
}

// detail returns what is removed besides containers and networks, in words.
func (r Removal) detail() string {
	switch {
	case r.Empty():
		return "nothing was left"
	case r.Volumes && r.Releases:
		return "with its volumes and releases"
	case r.Volumes:
		return "with its volumes"
	case r.Releases:
		return "with its releases"
	}
	return ""
}

// removal returns what a destroy removes.
func (o *operation) removal(ctx context.Context, live release.Observed) Removal {
	r := Removal{Observed: live.Owned(), Foreign: o.environments.foreign(ctx, o.session), Volumes: o.request.Volumes, Releases: o.request.Releases}
	for _, one := range o.releases {
		r.Numbers = append(r.Numbers, one.Number)
	}
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

// Destroy removes the containers and networks of an environment and, if asked to, its volumes and its releases. Without
// these, it can be deployed again as it was. Confirm gets what there is, and may refuse; it is also called if there is nothing.
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
		removal := o.removal(ctx, live)
		if err := confirm(ctx, removal); err != nil {
			return err
		}
		if removal.Empty() {
			return o.confirmDown(ctx, removal)
		}
		t := o.track()
		err = o.backend.Destroy(ctx, deploy.DestroyOptions{Volumes: r.Volumes, Emit: t.event})
		t.end(err)
		o.audit(ctx, release.Destroyed, removal.detail(), err)
		if err != nil || !removal.Releases {
			return err
		}
		return o.removeReleases(ctx, removal)
	})
}

// confirmDown records that an environment of which nothing is left is down: a destroy that was killed has not.
func (o *operation) confirmDown(ctx context.Context, r Removal) error {
	down, err := o.destroyed(ctx)
	if err == nil && down == nil && len(o.releases) > 0 {
		o.audit(ctx, release.Destroyed, r.detail(), nil)
	}
	return err
}

// removeReleases records that all releases are removed, and then removes them: machines that have seen them would take
// them for lost.
func (o *operation) removeReleases(ctx context.Context, r Removal) error {
	if len(r.Numbers) == 0 {
		return nil
	}
	entry := release.AuditEntry{Time: o.environments.Now().UTC(), By: o.by, Action: release.RemovedReleases, Release: r.Numbers[0],
		Detail: fmt.Sprintf("%d, with the images that only they kept", len(r.Numbers))}
	if err := o.backend.RecordAudit(ctx, entry, auditKept); err != nil {
		return err
	}
	err := o.backend.RemoveReleases(ctx)
	if err != nil {
		o.audit(ctx, release.RemovedReleases, "", err)
		err = &fault.Error{Reason: "the releases of " + o.Name + " are not removed: " + err.Error(), Next: "davit destroy " + o.Name +
			" --releases tries again; with registry = false in [environments." + o.Name + "] it leaves those in a registry"}
	}
	return err
}
