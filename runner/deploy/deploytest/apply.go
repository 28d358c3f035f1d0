package deploytest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// apply is the work of one Apply, or of one Heal.
type apply struct {
	*Memory
	r        release.Release
	parsed   *compose.Model
	model    release.Model // what the Compose file of the release says
	o        deploy.ApplyOptions
	kinds    map[string]release.ChangeKind // of services
	networks []string                      // that are replaced
	volumes  []string
	mark     string                     // of everything that it makes
	findings map[string]release.Finding // what a heal replaces, by id; nil for a deploy
}

// Apply carries out a plan: jobs and what they need, then the rest, then the release's leftovers are removed.
func (m *Memory) Apply(ctx context.Context, p release.Plan, r release.Release, o deploy.ApplyOptions) error {
	a, err := m.newApply(ctx, p, r, o)
	if err != nil {
		return err
	}
	err = a.apply(ctx, p.CreatesResources(r.Model))
	if err == nil {
		err = o.RunVerify(ctx)
	}
	return errors.Join(err, m.endChange(ctx, a.mark))
}

func (a *apply) apply(ctx context.Context, newResources bool) error {
	if !newResources {
		if err := a.o.AwaitRecord(); err != nil {
			return err
		}
	}
	if err := a.resources(ctx); err != nil {
		return err
	}
	if err := a.o.AwaitRecord(); err != nil {
		return err
	}
	err := a.services(ctx)
	if err != nil && !a.o.KeepGoing {
		return err
	}
	return errors.Join(err, a.prune(ctx))
}

func (m *Memory) newApply(
	ctx context.Context, p release.Plan, r release.Release, o deploy.ApplyOptions,
) (*apply, error) {
	parsed, err := m.Parse(ctx, r)
	if err != nil {
		return nil, err
	}
	a := &apply{Memory: m, r: r, parsed: parsed, model: parsed.Canonical(), o: o, kinds: map[string]release.ChangeKind{}}
	for _, c := range slices.Concat(p.Changes, p.Retained) {
		switch {
		case c.Subject == release.SubjectService:
			a.kinds[c.Name] = c.Kind
		case c.ClearsNetwork():
			a.networks = append(a.networks, c.Name)
		case c.Subject == release.SubjectVolume && c.Kind == release.Replace:
			a.volumes = append(a.volumes, c.Name)
		}
	}
	if a.mark, err = m.beginChange(ctx, p); err != nil {
		return nil, err
	}
	return a, m.recordOwner(ctx)
}

// withLock changes the engine, unless it is all over.
func (m *Memory) withLock(ctx context.Context, do func() error) error {
	m.step()
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	return do()
}

// report reports how far a service is.
func (a *apply) report(service, text string) {
	a.emit(ui.Said(service, text))
}

func (a *apply) emit(e ui.Event) {
	if a.o.Emit != nil {
		a.o.Emit(e)
	}
}

// services carries out the changes of all services, in waves.
func (a *apply) services(ctx context.Context) error {
	var failed []error
	first, rest := parts(a.r.Model.Services)
	for _, wave := range append(waves(first), waves(rest)...) {
		var errs []error
		for _, name := range wave {
			errs = append(errs, a.service(ctx, name))
		}
		err := errors.Join(errs...)
		if failed = append(failed, err); err != nil && (!a.o.KeepGoing || ctx.Err() != nil) {
			break
		}
	}
	return errors.Join(failed...)
}

// waves orders services: those of one wave need only what is in the waves before.
func waves(services map[string]release.Service) (all [][]string) {
	left := maps.Clone(services)
	for len(left) > 0 {
		var wave []string
		for name, s := range left {
			if !slices.ContainsFunc(s.Needs, func(need string) bool {
				_,
					waits := left[need]
				return waits
			}) {
				wave = append(wave, name)
			}
		}
		slices.Sort(wave)
		for _, name := range wave {
			delete(left, name)
		}
		all = append(all, wave)
	}
	return all
}

// parts divides services into the jobs with what these need, and the rest: a job that fails leaves the rest
// as it is.
func parts(services map[string]release.Service) (first, rest map[string]release.Service) {
	first, rest = map[string]release.Service{}, maps.Clone(services)
	var take func(name string)
	take = func(name string) {
		s, has := rest[name]
		if !has {
			return
		}
		delete(rest, name)
		first[name] = s
		for _, need := range s.Needs {
			take(need)
		}
	}
	for name, s := range services {
		if s.Job {
			take(name)
		}
	}
	return first, rest
}

// service carries out the change of one service, and reports how that ended.
func (a *apply) service(ctx context.Context, name string) error {
	err := a.reconcile(ctx, name)
	if _, named := errors.AsType[*UnhealthyError](err); err != nil && !named {
		err = fmt.Errorf("service %q: %w", name, err)
	}
	e := ui.Event{Type: ui.EventStep, Step: name, Status: ui.StatusOK}
	switch {
	case err != nil && ctx.Err() != nil:
		e.Status = ui.StatusCancelled
	case err != nil:
		e.Status = ui.StatusFailed
		e.Reason, _, _ = strings.Cut(strings.TrimPrefix(err.Error(), fmt.Sprintf("service %q: ", name)), "\n")
	}
	a.emit(e)
	return err
}

// serviceState is what an engine has of a service: containers that are as the release wants them, and others.
type serviceState struct{ fresh, old []*container }

func (t serviceState) all() []*container { return slices.Concat(t.fresh, t.old) }

func (t serviceState) anyRuns() bool { return slices.ContainsFunc(t.all(), (*container).running) }

// state returns what there is of a service.
func (a *apply) state(name string) (t serviceState) {
	for _, c := range a.ofService(name) {
		if a.isFresh(name, c) {
			t.fresh = append(t.fresh, c)
		} else {
			t.old = append(t.old, c)
		}
	}
	return t
}

// isFresh reports whether a container is as the release wants it. What the plan does not name is.
func (a *apply) isFresh(name string, c *container) bool {
	if _, wrong := a.findings[c.id]; wrong {
		return false
	}
	if kind := a.kinds[name]; kind != release.Replace && kind != release.Create {
		return true
	}
	want := a.model.Services[name].Fields
	if a.kinds[name] == release.Replace && a.isBehindOwner(c) {
		return false
	}
	return c.made == want.Sum() && !c.elsewhere(a.Environment.Dir) && maps.Equal(visible(want), visible(c.fields))
}

// reconcile makes the engine have one service.
func (a *apply) reconcile(ctx context.Context, name string) error {
	s := a.r.Model.Services[name]
	var t serviceState
	if err := a.withLock(ctx, func() error { t = a.state(name); return nil }); err != nil {
		return err
	}
	var err error
	switch {
	case s.Job:
		return a.job(ctx, name, t)
	case s.StartFirst && a.runs(t) && (len(t.old) > 0 || len(t.fresh) != s.Replicas):
		return a.startFirst(ctx, name, t)
	case len(t.old) > 0:
		a.report(name, "replacing it, with an interruption")
		err = errors.Join(a.stopFirst(ctx, name, t), a.refreshClients(ctx, name))
	case len(t.fresh) != s.Replicas:
		a.report(name, "starting it")
		err = a.stopFirst(ctx, name, t)
	case s.RestartsAfter(a.kinds):
		a.report(name, "restarting it: a dependency was replaced")
		err = a.restart(ctx, t)
	}
	if err != nil {
		return err
	}
	return a.run(ctx, name)
}

func (a *apply) runs(t serviceState) bool {
	a.world.mu.Lock()
	defer a.world.mu.Unlock()
	return t.anyRuns()
}

// run starts the containers of a service that do not run, and waits until all are healthy.
func (a *apply) run(ctx context.Context, name string) error {
	var all []*container
	err := a.withLock(ctx, func() error {
		all = a.ofService(name)
		return a.startAll(a.notDone(name, all))
	})
	if err != nil {
		return err
	}
	return a.await(ctx, name, all)
}

// notDone returns containers without those that may end and have ended well.
func (a *apply) notDone(name string, all []*container) []*container {
	return slices.DeleteFunc(slices.Clone(all), func(c *container) bool {
		return a.r.Model.Services[name].Ends && c.ended()
	})
}

// startAll starts those that do not run.
func (a *apply) startAll(all []*container) error {
	for _, c := range all {
		switch c.state {
		case release.StatePaused:
			c.state = release.StateRunning
		case release.StateRunning, release.StateRestarting:
		default:
			if err := a.engine.start(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// restart starts the programs of all containers again.
func (a *apply) restart(ctx context.Context, t serviceState) error {
	return a.withLock(ctx, func() error {
		for _, c := range t.all() {
			c.stop(0)
		}
		return a.startAll(t.all())
	})
}
