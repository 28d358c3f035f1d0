package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// DeployRequest is what a deploy, or the plan of one, was asked for.
type DeployRequest struct {
	// Environment to deploy to.
	Environment string
	// From is the environment to take a release from; empty is the one that is required.
	From string
	// ForceSkip leaves out a rung of the ladder, or takes what is not healthy.
	ForceSkip bool
	// BreakLock goes on although somebody else is at it.
	BreakLock bool
	// Pull asks registries for the images that are not built, even for those that the engine has.
	Pull bool
	// Volumes deletes those that nothing uses any more.
	Volumes bool
	// Timeout of the wait for health; 0 is that of the environment.
	Timeout time.Duration
	// Saved is a plan that was made before, which is carried out as it is or not at all.
	Saved *Proposal
	// Confirm gets what is to be changed before it is and, with ask, returns an error if it is not to be.
	Confirm func(ctx context.Context, proposal *Proposal, ask bool) error
	// Run says how images are built and targets run.
	Run Request
}

// Outcome is how a deploy, or a way back, ended well.
type Outcome struct {
	Release release.Release
	// Changed tells whether anything had to be.
	Changed bool
}

// Deploy brings a release to an environment: one that is built, or that stands healthy in another one. What does not become healthy is
// taken back.
func (p *Project) Deploy(ctx context.Context, d DeployRequest, emit func(ui.Event)) (o Outcome, err error) {
	err = p.locked(ctx, d, "deploy", emit, func(ctx context.Context, s *session) error {
		proposal, err := p.propose(ctx, s, d, emit)
		if err != nil {
			return err
		}
		o, err = p.carryOut(ctx, s, proposal, d, emit)
		return err
	})
	return o, err
}

// locked opens an environment and keeps others out of it while something is done there. Its context ends when the lock is lost: then
// somebody else is at work.
func (p *Project) locked(ctx context.Context, d DeployRequest, what string, emit func(ui.Event), do func(context.Context, *session) error) error {
	s, err := p.connectNamed(ctx, d.Environment) // others may deploy until the lock is had
	if err != nil {
		return err
	}
	defer s.target.Close()
	if len(s.Verify) > 0 {
		if _, err := p.Select(s.Verify); err != nil {
			return err
		}
	}
	lease, err := s.target.Lock(ctx, deploy.LockOptions{Owner: p.owner(), Operation: what, Break: d.BreakLock})
	if err != nil {
		return err
	}
	defer lease.Unlock()
	if lease.Stale != nil {
		emit(ui.Event{Type: ui.EventWarning, Text: lease.Stale.String()})
	}
	if s.releases, err = s.target.Releases(ctx); err != nil {
		return err
	}
	ctx, cancel := s.while(ctx, lease.Held)
	defer cancel()
	return s.leaseLost(do(ctx, s))
}

// while is a context that ends with its parent, or when the lease does.
func (s *session) while(ctx, held context.Context) (context.Context, context.CancelFunc) {
	s.held = held
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(held, func() { cancel(context.Cause(held)) })
	return ctx, func() { stop(); cancel(nil) }
}

// leaseLost is why something ended that was broken off since the lock was lost: somebody else changes the environment, and it is left to them.
func (s *session) leaseLost(err error) error {
	why, is := errors.AsType[*deploy.LeaseLostError](context.Cause(s.held))
	if err == nil || !is {
		return err
	}
	return &fault.Error{Reason: why.Error() + "; what was begun is left to them", Next: "davit status " + s.Name + " shows what runs", Code: fault.Failed}
}

// wait is how long is waited for health.
func (s *session) wait(d DeployRequest) time.Duration { return cmp.Or(d.Timeout, s.Timeout) }

// carryOut does what was proposed, once that is confirmed.
func (p *Project) carryOut(ctx context.Context, s *session, proposal *Proposal, d DeployRequest, emit func(ui.Event)) (Outcome, error) {
	if now := s.current(); proposal.Empty() && now != nil {
		return Outcome{Release: *now}, nil
	}
	if err := s.ready(ctx, proposal, emit); err != nil {
		return Outcome{}, err
	}
	if err := d.Confirm(ctx, proposal, s.Confirm); err != nil {
		return Outcome{}, err
	}
	r := proposal.Release
	r.Result = release.Pending
	if err := s.target.Record(ctx, r); err != nil {
		return Outcome{}, err
	}
	defer p.share(ctx, s, emit)
	d.Volumes = proposal.Volumes
	err := p.apply(ctx, s, proposal.Plan, r, deploy.ApplyOptions{Timeout: s.wait(d), Volumes: d.Volumes}, emit)
	if err == nil {
		err = p.verify(ctx, s, d.Run, emit)
	}
	var live release.Observed
	if err == nil {
		live, err = s.verifyApplied(ctx, r, emit)
	}
	if err != nil {
		return Outcome{}, p.rollBack(ctx, s, r, d, err, emit)
	}
	r.Result, r.Model = release.Healthy, withSelfModified(r.Model, live)
	if err := s.target.Record(ctx, r); err != nil {
		return Outcome{}, err
	}
	return Outcome{r, true}, s.target.PruneReleases(ctx, s.Keep)
}

// ready refuses a release that cannot be applied before anybody hears of it, and warns where there would be no way back.
func (s *session) ready(ctx context.Context, proposal *Proposal, emit func(ui.Event)) error {
	if err := s.target.Ready(ctx, proposal.Release, nil); err != nil {
		return err
	}
	if good := s.current(); good != nil {
		if err := s.target.Ready(ctx, *good, nil); err != nil {
			emit(ui.Event{Type: ui.EventWarning, Text: fmt.Sprintf("if this fails, there is no way back: %v", err)})
		}
	}
	return nil
}

// apply has the engine do what a plan says. What it tells of each service is a step.
func (p *Project) apply(ctx context.Context, s *session, plan release.Plan, r release.Release, o deploy.ApplyOptions, emit func(ui.Event)) error {
	t := p.track("", emit)
	o.Emit = t.event
	err := s.target.Apply(ctx, plan, r, o)
	if err == nil {
		err = ctx.Err() // a wait that is broken off is no success
	}
	t.end(err)
	return err
}

// withSelfModified is a model with the files that its containers have changed on their way to health: those are theirs, and no drift.
func withSelfModified(m release.Model, live release.Observed) release.Model {
	m.Services = maps.Clone(m.Services)
	for name, service := range m.Services {
		for _, c := range live.Containers[name] {
			service.SelfModified = append(slices.Clone(service.SelfModified), c.Changed...)
		}
		slices.Sort(service.SelfModified)
		service.SelfModified = slices.Compact(service.SelfModified)
		m.Services[name] = service
	}
	return m
}

// verify runs the targets that decide whether a deploy is good, always: what they look at is no file. They know the environment and
// the addresses of its services by variables.
func (p *Project) verify(ctx context.Context, s *session, r Request, emit func(ui.Event)) error {
	if len(s.Verify) == 0 {
		return nil
	}
	live, err := s.target.Glance(ctx)
	if err != nil {
		return err
	}
	q := *p
	q.Environ = append(addresses(live, s.target.Host()), p.Environ...)
	q.Environ = append([]string{"DAVIT_ENVIRONMENT=" + s.Name}, q.Environ...)
	r.Targets, r.Force, r.Args = s.Verify, true, nil
	if err := q.Run(ctx, r, part(emit)); err != nil {
		return verifyFault(err)
	}
	return nil
}

// verifyFault is why a verification failed. It comes after a deploy has changed what there was, whatever its own exit code says.
func verifyFault(err error) error {
	if _, shown := errors.AsType[*SilentError](err); shown {
		return errors.New("a target of verify failed")
	}
	return errors.New("verify: " + err.Error())
}
