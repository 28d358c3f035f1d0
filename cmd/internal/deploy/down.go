package deploy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// checkDown refuses a way down that is neither a service nor a target.
func (o *operation) checkDown(services []string) error {
	if o.Down == "" || slices.Contains(services, o.Down) || o.environments.Verifier.CheckTargets([]string{o.Down}) == nil {
		return nil
	}
	return o.environments.Config.Fault([]string{"environments", o.Name, "down"},
		"davit targets lists the targets; a service may have profiles that are not active",
		"down = %q is neither a service of the Compose files nor a target of the project", o.Down)
}

// checkDownService refuses a way down that other services wait for: it would run at each deploy.
func (o *operation) checkDownService(m release.Model) error {
	for _, name := range slices.Sorted(maps.Keys(m.Services)) {
		if slices.Contains(m.Services[name].Needs, o.Down) {
			return o.environments.Config.Fault([]string{"environments", o.Name, "down"},
				"name a service that runs only before a rollback",
				"down = %q, and service %q depends on it", o.Down, name)
		}
	}
	return nil
}

// crossed returns the releases whose ways down run before the environment goes back to a release, the newest first,
// or why one of them cannot run.
func (o *operation) crossed(ctx context.Context, to release.Release) ([]release.Release, error) {
	all := slices.Clone(o.releases)
	if len(all) > 0 && all[0].Result == release.Pending && len(all[0].Ran) == 0 { // its davit was killed, and nothing says which jobs ran
		live, err := o.observe(ctx, deploy.ObserveOptions{})
		if err != nil {
			return nil, err
		}
		all[0].Ran = all[0].Model.Ran(o.applied(), live)
	}
	crossed := release.Crossed(all, to)
	for i, r := range crossed {
		var err error
		if crossed[i], err = o.prepareUndo(ctx, r); err != nil {
			return nil, err
		}
	}
	return crossed, nil
}

// prepareUndo returns a release whose way down can run: with its image on the engine, and with today's secrets.
func (o *operation) prepareUndo(ctx context.Context, r release.Release) (release.Release, error) {
	if r.Undo().Target {
		return r, o.environments.Verifier.CheckTargets([]string{r.Down})
	}
	r, _, err := o.backend.WithCurrentSecrets(ctx, r)
	if err != nil {
		return r, err
	}
	if err := o.backend.CheckRelease(ctx, r, nil); err != nil {
		return r, err
	}
	one := r
	one.Images = map[string]release.Image{r.Down: r.Images[r.Down]}
	found, err := o.restore(ctx, one)
	r.Images = maps.Clone(r.Images)
	maps.Copy(r.Images, found)
	return r, err
}

// undoLeaving runs the ways down of the releases that a rollback leaves. Each is recorded when it has run, and its
// container stays until then, so that it does not run twice whenever davit is killed.
func (o *operation) undoLeaving(ctx context.Context, r *release.Release) error {
	for _, left := range o.leaving {
		if err := o.undo(ctx, left, *r); err != nil {
			return fmt.Errorf("%s failed: %w", left.Undo(), err)
		}
		r.Undone = append(r.Undone, left.Undo())
		if err := o.recordUndone(ctx, *r, left); err != nil {
			return err
		}
	}
	return nil
}

// recordUndone records that the way down of a release has run, and then removes its container.
func (o *operation) recordUndone(ctx context.Context, r, left release.Release) error {
	if err := o.backend.Record(ctx, r); err != nil {
		return err
	}
	return o.removeWayDown(ctx, left)
}

// removeWayDown removes the container of the way down of a release, if that is a service.
func (o *operation) removeWayDown(ctx context.Context, left release.Release) error {
	if left.Undo().Target {
		return nil
	}
	return o.backend.RemoveJobs(context.WithoutCancel(ctx), []string{left.Down})
}

// undo runs the way down of a release that is left for another one. The containers of its jobs are removed before, so
// that these count as not run whenever davit is killed.
func (o *operation) undo(ctx context.Context, left, to release.Release) error {
	if err := o.backend.RemoveJobs(ctx, left.Ran); err != nil {
		return err
	}
	err := o.runDown(ctx, left, to)
	if err != nil {
		err = errors.Join(err, o.removeWayDown(ctx, left))
	}
	return err
}

// recordKilled records which jobs of a release whose davit was killed have run, before their containers are removed, and
// what it has undone: its record may have neither.
func (o *operation) recordKilled(ctx context.Context) error {
	if len(o.releases) == 0 || o.releases[0].Result != release.Pending {
		return nil
	}
	r := o.releases[0]
	for _, left := range o.leaving {
		if r.Number == left.Number && len(r.Ran) == 0 {
			r.Ran = left.Ran
		}
	}
	if len(r.Ran)+len(r.Undone) == 0 {
		return nil
	}
	return o.backend.Record(ctx, r)
}

// removeWaysDown removes the containers of ways down that a killed davit has left, but for those that go on.
func (o *operation) removeWaysDown(ctx context.Context) error {
	names := slices.DeleteFunc(release.WaysDown(o.releases), func(name string) bool {
		return slices.ContainsFunc(o.leaving, func(left release.Release) bool { return left.Down == name })
	})
	if len(names) == 0 {
		return nil
	}
	return o.backend.RemoveJobs(ctx, names)
}

func (o *operation) runDown(ctx context.Context, left, to release.Release) error {
	variables := map[string]string{
		"DAVIT_ENVIRONMENT":  o.Name,
		"DAVIT_FROM_RELEASE": strconv.Itoa(left.Number), "DAVIT_FROM_COMMIT": left.Revision,
		"DAVIT_TO_RELEASE": strconv.Itoa(to.Number), "DAVIT_TO_COMMIT": to.Revision,
	}
	if left.Undo().Target {
		return o.runTargets(ctx, "down", []string{left.Down}, variables)
	}
	t := o.track()
	err := o.backend.RunJob(ctx, left, left.Down, variables, deploy.ApplyOptions{Timeout: o.timeout(), Emit: t.event})
	t.end(err)
	return err
}

// notUndone records that a rollback has ended before it replaced anything, and returns that as an error.
func (o *operation) notUndone(ctx context.Context, r release.Release, cause error) error {
	showLastLines(cause, o.emit)
	r.Result, r.Skipped = release.Failed, nil
	r.Reason = text.FirstLine(o.leaseLost(cause).Error()) + "; nothing was replaced"
	failure := &fault.Error{Reason: fmt.Sprintf("release %d of %s failed: %s", r.Number, o.Name, r.Reason),
		Next: "once its reason is gone, davit rollback " + o.Name + " runs it again"}
	if ctx.Err() != nil {
		failure.Code = fault.StopOf(ctx).Category()
	}
	if err := o.record(ctx, r); err != nil {
		failure.Reason += "; and that could not be recorded: " + err.Error()
	}
	return failure
}

// undoFailed runs the way down of a release that failed after jobs of it had run, before the environment returns to
// the last healthy one. If that fails, the return goes on, and the text says so.
func (o *operation) undoFailed(ctx context.Context, r *release.Release) string {
	good := o.current()
	if i := slices.IndexFunc(r.Undone, func(u release.Undo) bool { return good != nil && u.Release == good.Number }); i >= 0 {
		return "; its jobs were undone by " + r.Undone[i].Name
	}
	if r.Down == "" || good == nil || o.awaitEngine(ctx) != nil {
		return ""
	}
	live, err := o.observe(ctx, deploy.ObserveOptions{})
	if err != nil {
		return ""
	}
	r.Ran = r.Model.Ran(o.applied(), live)
	crossed, pending := release.Crossed([]release.Release{*r}, *good), *r
	pending.Result, pending.Reason = release.Pending, ""
	if len(crossed) > 0 && o.backend.Record(ctx, pending) != nil {
		return ""
	}
	for _, left := range crossed {
		if err := o.undo(ctx, left, *good); err != nil {
			showLastLines(err, o.emit)
			warning := fmt.Sprintf("%s failed: %s", left.Undo(), text.FirstLine(err.Error()))
			o.emit(ui.Event{Type: ui.EventWarning, Text: warning})
			return "; " + warning
		}
		r.Undone = append(r.Undone, left.Undo())
		if pending.Undone = r.Undone; o.recordUndone(ctx, pending, left) != nil {
			return "" // the end of the release is recorded with it
		}
	}
	return ""
}
