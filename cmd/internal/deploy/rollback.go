package deploy

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Rollback brings an environment back to an earlier release, as a new one: by default to the healthy one
// before the current. Nothing is built, and a registry is asked only for images that the engine has lost.
func (e *Environments) Rollback(
	ctx context.Context, r Request, number int, emit func(ui.Event),
) (out Outcome, err error) {
	err = e.change(ctx, r, "rollback", emit, func(ctx context.Context, o *operation) error {
		to, err := o.earlier(number)
		if err != nil {
			return err
		}
		if err := o.verifyReturn(ctx, *to); err != nil {
			return err
		}
		again, notes, err := o.backend.WithCurrentSecrets(ctx, *to)
		if err != nil {
			return err
		}
		if err := o.backend.CheckRelease(ctx, again, nil); err != nil {
			return err
		}
		if again.Images, err = o.restore(ctx, *to); err != nil {
			return err
		}
		again.Number, again.Time, again.By = o.next(), e.Now().UTC(), o.by
		again.Reason, again.Forced, again.Chain, again.Accepted = "", false, nil, false
		again.From = fmt.Sprintf("%s %d", o.Name, to.Number)
		again.Ran, again.Undone, again.Mounted = nil, nil, o.mountedFiles(again.Model)
		if again, err = o.withoutJobs(ctx, again, *to); err != nil {
			return err
		}
		if o.leaving, err = o.crossed(ctx, *to); err != nil {
			return err
		}
		for _, left := range o.leaving {
			again.Undone = append(again.Undone, left.Undo())
		}
		proposal, err := o.compare(ctx, again)
		if err != nil {
			return err
		}
		proposal.Foreign = o.environments.foreign(ctx, o.session)
		proposal.Notes = slices.Concat(proposal.Notes, notes, o.keyNotes(proposal))
		out, err = o.carryOut(ctx, proposal)
		return err
	})
	return out, err
}

// verifyReturn refuses a rollback from or to a release that lacks a signature.
func (o *operation) verifyReturn(ctx context.Context, to release.Release) error {
	if err := o.environments.verifySigned(ctx, o.session, to, "davit releases "+o.Name+" lists the others"); err != nil {
		return err
	}
	return cmp.Or(o.verifyCurrent(ctx), o.signReleases())
}

// withoutJobs marks the jobs of a release that do not run again: all, but for those that have run for the release to
// return to and that were undone since.
func (o *operation) withoutJobs(ctx context.Context, r, to release.Release) (release.Release, error) {
	live, err := o.observe(ctx, deploy.ObserveOptions{})
	r.Model, r.Skipped = r.Model.SkipJobs(o.applied(), live)
	if release.WasUndone(o.releases, to.Number) {
		r.Skipped = slices.DeleteFunc(r.Skipped, func(job string) bool { return slices.Contains(to.Ran, job) })
		r.Model = r.Model.Skip(r.Skipped)
	}
	return r, err
}

// earlier returns the release to go back to.
func (s *session) earlier(number int) (to *release.Release, err error) {
	list := "davit releases " + s.Name + " lists them"
	switch {
	case number != 0:
		to = s.release(number)
	// the davit of a rollback was killed: it goes on
	case len(s.releases) > 0 && s.releases[0].Result == release.Pending && s.releases[0].Destination() != 0:
		number = s.releases[0].Destination()
		to = s.release(number)
	// its davit was killed: the last healthy one ran before
	case len(s.releases) > 0 && s.releases[0].Result == release.Pending:
		to = s.healthy(0)
	default:
		to = s.healthy(1)
	}
	switch {
	case to == nil && number != 0:
		return nil, usage(list, "%s has no release %d", s.Name, number)
	case to == nil:
		return nil, usage(list, "%s has no earlier healthy release", s.Name)
	case to.Invalid != "":
		return nil, refused(list, "%s", to.Invalid)
	case to.Result != release.Healthy:
		return nil, refused(list, "release %d of %s was never healthy", number, s.Name)
	}
	return to, nil
}

// restore fetches the images of a release that the backend has lost, and returns all as the backend knows them
// now.
func (o *operation) restore(ctx context.Context, r release.Release) (map[string]release.Image, error) {
	t := o.track()
	images, err := o.fetchLost(ctx, r, t.event)
	t.end(err)
	return images, err
}

func (o *operation) fetchLost(
	ctx context.Context, r release.Release, emit func(ui.Event),
) (map[string]release.Image, error) {
	images := maps.Clone(r.Images)
	for _, service := range slices.Sorted(maps.Keys(r.Images)) {
		i := r.Images[service]
		found, err := o.backend.Find(ctx, i)
		if err == nil && found == nil {
			if err = o.backend.Fetch(ctx, o.Environment, service, i, emit); err == nil {
				found, err = o.backend.Find(ctx, i)
			}
		}
		if err != nil {
			return nil, usage("davit releases "+o.Name+" lists the others",
				"release %d of %s cannot be deployed again, since the image of service %q is no longer on the engine: %v",
				r.Number, o.Name, service, err)
		}
		if found != nil {
			images[service] = *found
		}
	}
	return images, nil
}
