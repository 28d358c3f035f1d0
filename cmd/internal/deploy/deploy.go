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

// Deploy brings a release to an environment: one that is built, or one that is healthy in another
// environment. A release that does not become healthy is taken back.
func (e *Environments) Deploy(ctx context.Context, r Request, emit func(ui.Event)) (out Outcome, err error) {
	commit := e.commit(ctx)
	err = e.change(ctx, r, "deploy", emit, func(ctx context.Context, o *operation) error {
		o.commit = commit
		if err := cmp.Or(o.signReleases(), o.verifyCurrent(ctx)); err != nil {
			return err
		}
		proposal, err := o.propose(ctx)
		if err != nil {
			return err
		}
		out, err = o.carryOut(ctx, proposal)
		return err
	})
	return out, err
}

// carryOut does what was proposed, once that is confirmed.
func (o *operation) carryOut(ctx context.Context, p *Proposal) (Outcome, error) {
	now := o.current()
	nothing := p.Empty() && now != nil && len(o.leaving) == 0 && !o.unsigned
	if nothing && sameRelease(now.Model, p.Release.Model) {
		err := cmp.Or(o.awaitStarting(ctx, *now, p.starting), o.removeWaysDown(ctx))
		if err == nil { // else nobody knows that it is as release now says
			err = o.endKilled(ctx, "nothing had changed since")
		}
		return Outcome{Release: *now}, err
	}
	if err := o.checkReleases(ctx, p); err != nil {
		return Outcome{}, err
	}
	if !nothing || len(p.Plan.Skipped) > 0 {
		if err := o.request.Confirm(ctx, p, o.Confirm || p.Plan.Adopts() || len(p.Duplicates) > 0 || p.Foreign != ""); err != nil {
			return Outcome{}, err
		}
	}
	r := p.Release
	if err := o.verifyWhole(ctx, &r); err != nil {
		return Outcome{}, refused("", "release %d of %s would not be one thing: %v", r.Number, o.Name, err)
	}
	r.Result, r.Keep, r.Undone = release.Pending, o.Keep, nil
	if err := o.recordKilled(ctx); err != nil {
		return Outcome{}, err
	}
	recorded, err := o.recordPending(ctx, r)
	if err != nil {
		return Outcome{}, err
	}
	defer o.mirror(ctx)
	if err := o.undoLeaving(ctx, &r); err != nil {
		return Outcome{}, o.notUndone(ctx, r, err)
	}
	healthy, err := o.attempt(ctx, p, r, recorded)
	if err := recorded(); err != nil { // then nothing was applied
		return Outcome{}, err
	}
	switch {
	case healthy.err != nil:
		return Outcome{}, healthy.err
	case err != nil && healthy.release == nil:
		return Outcome{}, o.rollBack(ctx, r, err)
	case err != nil:
		o.emit(ui.Event{Type: ui.EventWarning, Text: fmt.Sprintf("release %d of %s is healthy, and what follows has failed: %v", r.Number, o.Name, err),
			Hint: "the next deploy does it"})
	}
	o.pruneReleases(ctx)
	return Outcome{*healthy.release, true}, nil
}

// sameRelease reports whether two models have the same services and networks, and skip the same jobs. Where a plan is empty and they
// are not the same, a davit was killed that had applied the second one: that has to be recorded, or else the
// first one still counts as current, and a heal brings it back.
func sameRelease(a, b release.Model) bool {
	for name, s := range a.Services {
		if s.Skipped != b.Services[name].Skipped {
			return false
		}
	}
	return withoutShared(a).Sum() == withoutShared(b).Sum()
}

// withoutShared returns a model without its volumes, which may stay as they are, and without networks of
// others.
func withoutShared(m release.Model) release.Model {
	m.Volumes, m.Networks = nil, maps.Clone(m.Networks)
	maps.DeleteFunc(m.Networks, func(_ string, f release.Fields) bool { return f["external"] != "" })
	return m
}

// recordPending records a release that is about to be applied. Nothing that is there may change before recorded has returned. A
// way down runs before the release is applied, and one that a killed davit has left is removed, so recordPending waits for it.
func (o *operation) recordPending(ctx context.Context, r release.Release) (recorded func() error, err error) {
	wait := async(func() (struct{}, error) { return struct{}{}, o.backend.Record(ctx, r) })
	recorded = func() error { _, err := wait(); return err }
	if len(o.leaving) > 0 || len(release.WaysDown(o.releases)) > 0 {
		if err = recorded(); err == nil {
			err = o.removeWaysDown(ctx)
		}
	}
	return recorded, err
}

// A healthyRecord is the record of a release that has become healthy; nil before that, or with the error of writing it.
type healthyRecord struct {
	release *release.Release
	err     error
}

// attempt applies a plan, verifies the result and records it. The record does not wait for the rest of the change, which
// only says in fewer words what belongs to the environment.
func (o *operation) attempt(
	ctx context.Context, p *Proposal, r release.Release, recorded func() error,
) (healthy healthyRecord, err error) {
	defer recorded() // nothing goes on once it has ended, whatever happens
	err = o.apply(ctx, p.Plan, r, deploy.ApplyOptions{Volumes: p.Volumes, Recorded: recorded,
		Verify: func(ctx context.Context) error {
			if err := o.verify(ctx); err != nil {
				return err
			}
			live, err := o.verifyApplied(ctx, r, replaced(r.Model, o.applied(), p.Plan))
			if err != nil || ctx.Err() != nil {
				return cmp.Or(err, ctx.Err())
			}
			healthy = o.recordHealthy(ctx, p, r, live)
			return healthy.err
		}})
	return healthy, err
}

// recordHealthy records that a release is healthy.
func (o *operation) recordHealthy(ctx context.Context, p *Proposal, r release.Release, live release.Observed) healthyRecord {
	r.Result, r.Model = release.Healthy, withSelfModified(r.Model, o.applied(), p.Plan, live)
	r.Ran = r.Model.Ran(o.applied(), live)
	r = withMounted(r, o.current(), p.Plan)
	if err := o.record(ctx, r); err != nil {
		return healthyRecord{err: err}
	}
	return healthyRecord{release: &r}
}

// pruneReleases removes old releases. The deploy is healthy and recorded: that the clean-up fails is a
// warning.
func (o *operation) pruneReleases(ctx context.Context) {
	if err := o.backend.PruneReleases(ctx, o.Keep); err != nil {
		o.emit(ui.Event{Type: ui.EventWarning,
			Text: fmt.Sprintf("old releases of %s were not removed: %v", o.Name, err),
			Hint: "the next deploy tries again"})
	}
}

// checkReleases refuses a release that cannot be applied before anything changes, and warns if there would be
// no way back.
func (o *operation) checkReleases(ctx context.Context, p *Proposal) error {
	if err := o.backend.CheckRelease(ctx, p.Release, nil); err != nil {
		return err
	}
	if good := o.current(); good != nil {
		if err := o.backend.CheckRelease(ctx, *good, nil); err != nil {
			o.emit(ui.Event{Type: ui.EventWarning,
				Text: fmt.Sprintf("if this deploy fails, release %d cannot be brought back: %v", good.Number,
					err)})
		}
	}
	return nil
}

// apply carries out a plan. The events of each service are a step.
func (o *operation) apply(
	ctx context.Context, p release.Plan, r release.Release, options deploy.ApplyOptions,
) error {
	t := o.track()
	options.Timeout, options.Emit = o.timeout(), t.event
	err := o.backend.Apply(ctx, p, r, options)
	if err == nil {
		err = ctx.Err() // a wait that was interrupted is no success
	}
	t.end(err)
	return err
}

// withSelfModified returns a model with the files that its containers have changed on their way to health,
// which are no drift. What has changed since in containers that were there before is drift.
func withSelfModified(m, applied release.Model, p release.Plan, live release.Observed) release.Model {
	isNew := replaced(m, applied, p)
	m.Services = maps.Clone(m.Services)
	for name, service := range m.Services {
		files := slices.Concat(service.SelfModified, applied.Services[name].SelfModified)
		if isNew(name) {
			files = slices.Clone(service.SelfModified)
			for _, c := range live.Containers[name] {
				files = append(files, c.Changed...)
			}
		}
		slices.Sort(files)
		service.SelfModified = slices.Compact(files)
		m.Services[name] = service
	}
	return m
}

// replaced returns which services of a model have other containers than before: not those that the plan leaves alone and
// that are of the release that was applied before.
func replaced(m, applied release.Model, p release.Plan) func(service string) bool {
	changed := map[string]bool{}
	for _, c := range p.Changes {
		changed[c.Name] = changed[c.Name] || c.Subject == release.SubjectService
	}
	return func(name string) bool {
		before, had := applied.Services[name]
		return changed[name] || !had || before.Fields.Sum() != m.Services[name].Fields.Sum()
	}
}
