package deploytest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Heal quarantines unhealthy and drifted containers and replaces them. It is an Apply that knows which
// containers are not as the release has them.
func (m *Memory) Heal(
	ctx context.Context, d release.Diagnosis, r release.Release, o deploy.HealOptions,
) error {
	if err := m.CheckRelease(ctx, r, d.Services()); err != nil {
		return err
	}
	if has, err := m.Ownership(ctx); err != nil || has == nil {
		return errors.Join(err, deploy.Unadopted(m.Environment.Name))
	}
	r.Model.Services = withReplicas(r.Model.Services, d.Replicas)
	a, err := m.newApply(ctx, d.Plan, r, o.ApplyOptions)
	if err != nil {
		return err
	}
	return errors.Join(a.heal(ctx, d, o.Keep), m.endChange(ctx, a.mark))
}

// heal replaces what a diagnosis names.
func (a *apply) heal(ctx context.Context, d release.Diagnosis, keep int) error {
	a.findings = d.Quarantine()
	if len(d.Plan.Changes) > 0 {
		if err := a.resources(ctx); err != nil {
			return err
		}
	}
	for _, wave := range waves(a.affected(d)) {
		for _, name := range wave {
			if err := a.service(ctx, name); err != nil {
				return err
			}
		}
	}
	return a.withLock(ctx, func() error {
		err := a.healUnmanaged(d)
		a.pruneQuarantined(keep)
		return err
	})
}

// withReplicas returns services with as many containers as they are to have now.
func withReplicas(services map[string]release.Service, replicas map[string]int) map[string]release.Service {
	services = maps.Clone(services)
	for name, n := range replicas {
		s := services[name]
		s.Replicas = n
		services[name] = s
	}
	return services
}

// affected returns the services of the release with a finding, and those that are waited for.
func (a *apply) affected(d release.Diagnosis) map[string]release.Service {
	all := map[string]release.Service{}
	for _, name := range d.Affected() {
		if s, has := a.r.Model.Services[name]; has {
			all[name] = s
		}
	}
	return all
}

// healUnmanaged sees to what the release does not have: containers of the environment are quarantined, and
// networks that are in no model are removed.
func (a *apply) healUnmanaged(d release.Diagnosis) error {
	for id, f := range a.findings {
		_, wanted := a.r.Model.Services[f.Service]
		if c := a.engine.named(id); c != nil && !wanted {
			a.quarantine(c, f)
		}
	}
	if slices.ContainsFunc(d.Plan.Changes, func(c release.Change) bool { return c.Kind == release.Delete }) {
		return a.pruneNetworks(a.model.Networks)
	}
	return nil
}

// quarantineTime is in the name of a container that is quarantined.
const quarantineTime = "20060102T150405.000"

// quarantine stops a container for good, takes it off its networks and gives it a name that says what it is.
func (a *apply) quarantine(c *container, f release.Finding) {
	c.stop(0)
	c.networks, c.quarantined = nil, a.world.tick()
	delete(c.fields, release.QualifyPath(backend, "restart"))
	c.name = a.project + "-set-aside-" + f.Name + "-" + c.quarantined.Format(quarantineTime)
	a.world.notify()
}

// pruneQuarantined removes the oldest quarantined containers of each service but for so many.
func (a *apply) pruneQuarantined(keep int) {
	byService, own := map[string][]*container{}, a.own()
	for _, c := range a.engine.containers {
		if own.container(c) && !c.quarantined.IsZero() {
			byService[c.service] = append(byService[c.service], c)
		}
	}
	for _, all := range byService {
		slices.SortFunc(all, func(a, b *container) int {
			return time.Time.Compare(b.quarantined,
				a.quarantined)
		})
		for _, c := range all[min(keep, len(all)):] {
			a.engine.remove(c)
		}
	}
}
