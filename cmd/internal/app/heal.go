package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

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
	// Keep is how many containers of each service stay set aside.
	Keep      int
	BreakLock bool
	// Timeout of the wait for health; 0 is that of the environment.
	Timeout time.Duration
	// Confirm gets what is wrong before anything is done about it and, with ask, returns an error if nothing is to be.
	Confirm func(ctx context.Context, sick HealPlan, ask bool) error
	Kill    <-chan struct{}
}

// HealPlan is what is wrong in an environment, by the release that stands there.
type HealPlan struct {
	Environment string `json:"environment"`
	Release     int    `json:"release"`
	release.Diagnosis
}

// Healed is how a heal ended well.
type Healed struct {
	Environment string
	Release     int
	// Findings that were mended; none where nothing was wrong.
	Findings []release.Finding
}

// wants tells whether an ill is of what is to be healed.
func (h HealRequest) wants(i release.Finding) bool {
	return len(h.Services) == 0 || slices.Contains(h.Services, i.Service)
}

// Heal sets aside what is sick or drifted in an environment, has fresh containers of the last good release take its place, and records
// that. Nothing is built.
func (p *Project) Heal(ctx context.Context, h HealRequest, emit func(ui.Event)) (out Healed, err error) {
	err = p.locked(ctx, h.deploy(), "heal", emit, func(ctx context.Context, s *session) error {
		out, err = p.heal(ctx, s, h, nil, emit)
		return err
	})
	return out, err
}

func (h HealRequest) deploy() DeployRequest {
	return DeployRequest{Environment: h.Environment, BreakLock: h.BreakLock, Timeout: h.Timeout, Run: Request{Kill: h.Kill}}
}

// heal mends what is ill in an environment or, if that is given, what is due of it.
func (p *Project) heal(ctx context.Context, s *session, h HealRequest, due *release.Diagnosis, emit func(ui.Event)) (Healed, error) {
	r, err := s.healable(h.Services)
	if err != nil {
		return Healed{}, err
	}
	live, err := s.target.Live(ctx)
	if err != nil {
		return Healed{}, err
	}
	all := release.Diagnose(r.Model, live, s.Ignore)
	d := all.Of(h.wants)
	also := func(i release.Finding) bool { return h.wants(i) || !all.Has(i) }
	if due != nil {
		d, also = d.Lasting(*due), inServices(servicesOf(*due))
	}
	out := Healed{Environment: s.Name, Release: r.Number, Findings: d.Findings}
	if d.Empty() {
		return out, nil
	}
	if err := s.target.Ready(ctx, *r, d.Services()); err != nil {
		return out, err
	}
	if err := h.Confirm(ctx, HealPlan{s.Name, r.Number, d}, s.Confirm); err != nil {
		return out, err
	}
	begin := p.Streams.Now().UTC()
	out.Findings, err = p.treatAll(ctx, s, *r, d, also, h, emit)
	if fault.ChangedNothing(err) && len(out.Findings) == len(d.Findings) {
		return out, err
	}
	return out, p.healed(ctx, s, release.Repair{Time: begin, By: p.by(ctx), Release: r.Number, Findings: out.Findings}, err, emit)
}

// healable is the release that an environment is to be as, if it has these services.
func (s *session) healable(services []string) (*release.Release, error) {
	r := s.current()
	if r == nil {
		return nil, usage("davit deploy "+s.Name, "nothing has been deployed to %s that could be healed", s.Name)
	}
	for _, name := range services {
		if _, has := r.Model.Services[name]; !has {
			return nil, usage("davit status "+s.Name+" lists them", "release %d of %s has no service %q; it has %s", r.Number, s.Name, name, strings.Join(sorted(r.Model.Services), ", "))
		}
	}
	return r, nil
}

// treatAll does what a diagnosis says, and looks again for what is ill also: containers that live in those of another have to be replaced after
// it. What was treated and is no better is an error. All ills that were treated are returned.
func (p *Project) treatAll(ctx context.Context, s *session, r release.Release, d release.Diagnosis, also func(release.Finding) bool, h HealRequest, emit func(ui.Event)) (treated []release.Finding, err error) {
	for !d.Empty() {
		treated = append(treated, d.Findings...)
		if err := p.treat(ctx, s, r, d, h, emit); err != nil {
			return treated, err
		}
		live, err := s.target.Glance(ctx) // the files that fresh containers write are theirs
		if err != nil {
			return treated, err
		}
		d = release.Diagnose(r.Model, live, s.Ignore).Of(also)
		if still := d.Of(inServices(servicesOf(release.Diagnosis{Findings: treated}))); !still.Empty() {
			return treated, fmt.Errorf("it is still not as release %d says: %s", r.Number, still)
		}
	}
	return treated, nil
}

func (p *Project) treat(ctx context.Context, s *session, r release.Release, d release.Diagnosis, h HealRequest, emit func(ui.Event)) error {
	t := p.track("", emit)
	o := deploy.HealOptions{ApplyOptions: deploy.ApplyOptions{Timeout: s.wait(h.deploy()), Emit: t.event}, Keep: h.Keep}
	err := s.target.Heal(ctx, d, r, o)
	if err == nil {
		err = ctx.Err() // a wait that is broken off is no success
	}
	t.end(err)
	return err
}

// healed records a heal, however it ended, also after Ctrl-C.
func (p *Project) healed(ctx context.Context, s *session, r release.Repair, cause error, emit func(ui.Event)) error {
	interrupted := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if r.Result = release.Healthy; cause == nil {
		return s.target.RecordRepair(ctx, r, s.Keep)
	}
	lastWords(cause, emit)
	r.Result, r.Reason = release.Failed, firstLine(s.leaseLost(cause).Error())
	failure := &fault.Error{Reason: s.Name + " is not healed: " + r.Reason, Code: fault.Failed}
	failure.Next = fmt.Sprintf("davit status %s shows what runs; if release %d itself is bad, davit rollback %s", s.Name, r.Release, s.Name)
	if interrupted {
		r.Reason, failure.Reason, failure.Code = "interrupted", s.Name+" is not healed: interrupted", fault.Interrupted
	}
	if err := s.target.RecordRepair(ctx, r, s.Keep); err != nil {
		failure.Reason += "; and that cannot be recorded: " + err.Error()
	}
	return failure
}

// inServices are the ills that belong to some services, "" for what they have in common.
func inServices(services []string) func(release.Finding) bool {
	return func(i release.Finding) bool { return slices.Contains(services, i.Service) }
}
