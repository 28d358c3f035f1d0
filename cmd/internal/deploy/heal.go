package deploy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/text"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// HealRequest is what a heal was asked for.
type HealRequest struct {
	Environment string
	// Services to heal; none is all of them, and what they have in common.
	Services []string
	// Files heals containers whose files were changed, too. Programs write files, so it is asked for.
	Files bool
	// Keep is how many containers of each service stay quarantined.
	Keep int
	// Wait and BreakLock are those of a Request.
	Wait      time.Duration
	BreakLock bool
	// AcceptHistory is that of a Request.
	AcceptHistory bool
	// Timeout of the wait for health; 0 is that of the environment.
	Timeout time.Duration
	// Confirm gets the plan before it is carried out. With ask, it returns an error if it is not to be.
	Confirm func(ctx context.Context, plan HealPlan, ask bool) error
	Kill    <-chan struct{}
}

// HealPlan is what is wrong in an environment, compared with its current release, and what is done about it.
type HealPlan struct {
	Environment string `json:"environment"`
	Release     int    `json:"release"`
	release.Diagnosis
}

// Healed is how a heal ended well.
type Healed struct {
	Environment string
	Release     int
	// Findings that were repaired; none where nothing was wrong.
	Findings []release.Finding
	// ChangedFiles are the containers that were left as they are although files in them differ.
	ChangedFiles []string
}

// covers reports whether a finding is of what is to be healed.
func (h HealRequest) covers(f release.Finding) bool {
	return len(h.Services) == 0 || slices.Contains(h.Services, f.Service)
}

// ignore returns the drift that is not healed: what the environment ignores and, unless they are asked for, files.
func (h HealRequest) ignore(environment []string) []string {
	if h.Files {
		return environment
	}
	return append(slices.Clone(environment), "*."+inFiles+"*")
}

// changedFiles returns the containers of a diagnosis that another one without files does not have.
func changedFiles(all, healed release.Diagnosis) (containers []string) {
	for _, f := range all.Findings {
		if f.ID != "" && !healed.Has(f) {
			containers = append(containers, f.Name)
		}
	}
	return containers
}

// change returns the request for the lock.
func (h HealRequest) change() Request {
	return Request{Environment: h.Environment, Wait: h.Wait, BreakLock: h.BreakLock, AcceptHistory: h.AcceptHistory,
		Timeout: h.Timeout, Kill: h.Kill}
}

// Heal quarantines the unhealthy and drifted containers of an environment, replaces them with fresh ones of
// the last healthy release, and records that. Nothing is built.
func (e *Environments) Heal(ctx context.Context, h HealRequest, emit func(ui.Event)) (out Healed, err error) {
	err = e.change(ctx, h.change(), "heal", emit, func(ctx context.Context, o *operation) error {
		out, err = o.heal(ctx, h, nil)
		return err
	})
	return out, err
}

// heal repairs what is wrong or, if due is given, what of it is due.
func (o *operation) heal(ctx context.Context, h HealRequest, due *release.Diagnosis) (Healed, error) {
	healer, r, err := o.environments.healable(ctx, o.session, h.Services)
	if err != nil {
		return Healed{}, err
	}
	live, err := o.observe(ctx, deploy.ObserveOptions{Files: true})
	if err != nil {
		return Healed{}, err
	}
	if err := o.verifyUp(ctx, live); err != nil {
		return Healed{}, err
	}
	if slices.ContainsFunc(live.Adoptable, func(t release.Thing) bool {
		return t.Subject == release.SubjectContainer
	}) {
		return Healed{}, deploy.Unadopted(o.Name)
	}
	all, covers := release.Diagnose(r.Model, live, h.ignore(o.Ignore)), h.covers
	d := all.Filter(covers)
	also := func(f release.Finding) bool { return covers(f) || !all.Has(f) }
	if due != nil {
		covers = inServices(servicesOf(*due))
		d, also = d.Persisting(*due), covers
	}
	out := Healed{Environment: o.Name, Release: r.Number, Findings: d.Findings,
		ChangedFiles: changedFiles(release.Diagnose(r.Model, live, o.Ignore).Filter(h.covers), d)}
	if !d.Empty() {
		if err := o.verifyNetworks(d.Plan, live); err != nil {
			return out, err
		}
		if err := o.confirmHeal(ctx, h, HealPlan{o.Name, r.Number, d}, *r); err != nil {
			return out, err
		}
	}
	c := course{operation: o, ignore: h.ignore(o.Ignore), healer: healer, release: *r, keep: h.Keep, also: also, covers: covers, live: live}
	start := o.environments.Now().UTC()
	if err = c.treatAll(ctx, d); err == nil && len(h.Services) == 0 {
		err = o.endKilled(ctx, "a heal brought back")
	}
	switch out.Findings = c.treated; {
	case fault.ChangedNothing(err) && len(c.treated) == len(d.Findings):
		return out, err
	case len(c.treated) == 0:
		return out, o.notHealed(ctx, r.Number, err)
	}
	repair := release.Repair{Format: release.Format, Time: start, By: o.by,
		Release: r.Number, Findings: c.treated}
	return out, o.recordRepair(ctx, repair, err)
}

// confirmHeal refuses a heal that cannot be carried out, or that is not confirmed.
func (o *operation) confirmHeal(ctx context.Context, h HealRequest, plan HealPlan, r release.Release) error {
	if err := o.backend.CheckRelease(ctx, r, plan.Services()); err != nil {
		return err
	}
	if err := o.verifyNames(ctx, r.Model); err != nil {
		return err
	}
	if err := h.Confirm(ctx, plan, o.Confirm); err != nil {
		return err
	}
	return o.removeWaysDown(ctx)
}

// verifyNames refuses a model that needs names which other owners hold. Ports are no part of it: the engine refuses one
// that is taken, and a container that starts again and again may have its own at any moment.
func (o *operation) verifyNames(ctx context.Context, m release.Model) error {
	conflicts, err := o.backend.Conflicts(ctx, m)
	conflicts = slices.DeleteFunc(conflicts, func(c release.Conflict) bool { return c.Port })
	if err != nil || len(conflicts) == 0 {
		return err
	}
	var refusals []string
	for _, c := range conflicts {
		refusals = append(refusals, c.String())
	}
	return refused(conflictHint(o.Name, conflicts), "%s cannot be healed: %s", o.Name, strings.Join(refusals, "; "))
}

// endKilled records the end of a deploy whose davit was killed, once the last healthy release is back, and how.
// Jobs of it that have run stay as they are: what they did is not undone. Jobs that it has undone have run again.
func (o *operation) endKilled(ctx context.Context, how string) error {
	if len(o.releases) == 0 || o.releases[0].Result != release.Pending || o.releases[0].Invalid != "" {
		return nil
	}
	if err := o.removeWaysDown(ctx); err != nil {
		return err
	}
	live, err := o.observe(ctx, deploy.ObserveOptions{})
	if err != nil {
		return err
	}
	r := o.releases[0]
	if len(r.Ran) == 0 {
		r.Ran = r.Model.Ran(o.applied(), live)
	}
	r.Undone = nil
	_, r.Skipped = o.applied().SkipJobs(o.applied(), live)
	r.Result = release.Failed
	r.Reason = fmt.Sprintf("its davit was killed, and %s release %d", how, o.current().Number)
	return o.record(ctx, r)
}

// healable returns what heals an environment, and the release that it is healed to, if that has these
// services and is of this project.
func (e *Environments) healable(ctx context.Context, s *session, services []string) (deploy.Healer, *release.Release, error) {
	healer, can := s.backend.(deploy.Healer)
	r := s.current()
	switch {
	case !can:
		return nil, nil, usage("davit deploy "+s.Name+" puts it right",
			"the backend of %s, %q, cannot replace single containers", s.Name, s.Environment.Backend)
	case r == nil:
		return nil, nil, usage("davit deploy "+s.Name, "nothing has been deployed to %s that could be healed",
			s.Name)
	}
	for _, name := range services {
		if _, has := r.Model.Services[name]; !has {
			return nil, nil, usage("davit status "+s.Name+" lists them",
				"release %d of %s has no service %q; it has %s",
				r.Number, s.Name, name, strings.Join(slices.Sorted(maps.Keys(r.Model.Services)), ", "))
		}
	}
	if err := e.verifySigned(ctx, s, *r, "davit deploy "+s.Name+" --accept-history deploys a signed one"); err != nil {
		return nil, nil, err
	}
	return healer, r, e.verifyOwn(ctx, s)
}

// recordRepair records a heal, however it ended, also after Ctrl-C, and returns why it failed.
func (o *operation) recordRepair(ctx context.Context, r release.Repair, cause error) error {
	failure := o.notHealed(ctx, r.Release, cause)
	if r.Result = release.Healthy; cause != nil {
		r.Result, r.Reason = release.Failed, o.whyNotHealed(ctx, cause)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	err := o.backend.RecordRepair(ctx, r, o.Keep)
	if failed, is := errors.AsType[*fault.Error](failure); is && err != nil {
		failed.Reason += "; and that could not be recorded: " + err.Error()
		return failed
	}
	return cmp.Or(failure, err)
}

// notHealed returns the error of a heal that failed for a cause; nil for none.
func (o *operation) notHealed(ctx context.Context, number int, cause error) error {
	if cause == nil {
		return nil
	}
	showLastLines(cause, o.emit)
	failure := &fault.Error{Reason: o.Name + " was not healed: " + o.whyNotHealed(ctx, cause), Next: fmt.Sprintf(
		"davit status %s shows what runs; if release %d itself is bad, davit rollback %s", o.Name, number, o.Name)}
	if ctx.Err() != nil {
		failure.Code = fault.StopOf(ctx).Category()
	}
	return failure
}

// whyNotHealed returns why a heal failed, in one line without secrets.
func (o *operation) whyNotHealed(ctx context.Context, cause error) string {
	if ctx.Err() != nil {
		return fault.StopOf(ctx).Error()
	}
	return o.environments.Masked(text.FirstLine(o.leaseLost(cause).Error()))
}
