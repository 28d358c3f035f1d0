package docker

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Heal quarantines unhealthy and drifted containers and replaces them with fresh ones of the release,
// start-first where the model allows that. Healthy ones are not touched. It is an Apply that was told which
// containers are wrong.
func (b *Backend) Heal(
	ctx context.Context, d release.Diagnosis, r release.Release, o deploy.HealOptions,
) error {
	if err := b.CheckRelease(ctx, r, d.Services()); err != nil {
		return err
	}
	if own, err := b.owner(ctx); err != nil || own.record == nil {
		return errors.Join(err, deploy.Unadopted(b.Environment.Name))
	}
	r.Model.Services = withReplicas(r.Model.Services, d.Replicas)
	a, err := b.newApply(ctx, d.Plan, r, o.ApplyOptions)
	if err != nil {
		return err
	}
	defer a.watch(ctx)()
	return errors.Join(a.heal(ctx, d, o.Keep), b.endChange(ctx, a.guard.mark))
}

// heal replaces what a diagnosis names.
func (a *apply) heal(ctx context.Context, d release.Diagnosis, keep int) error {
	a.findings = d.Quarantine()
	a.guard.retire = a.retire
	if len(d.Plan.Changes) > 0 {
		if err := a.createNetworks(ctx); err != nil {
			return err
		}
	}
	if err := a.findFloating(ctx); err != nil {
		return err
	}
	if err := a.inOrder(ctx, a.affectedServices(d)); err != nil {
		return err
	}
	if err := a.healUnmanaged(ctx, d); err != nil {
		return err
	}
	return a.backend.quarantine.prune(ctx, a.owner, keep)
}

// withReplicas returns services with these numbers of containers.
func withReplicas(services map[string]release.Service, replicas map[string]int) map[string]release.Service {
	services = maps.Clone(services)
	for name, n := range replicas {
		s := services[name]
		s.Replicas = n
		services[name] = s
	}
	return services
}

// affectedServices returns the services of the release with a finding, and those that are waited for.
func (a *apply) affectedServices(d release.Diagnosis) map[string]release.Service {
	all := map[string]release.Service{}
	for _, name := range d.Affected() {
		if s, has := a.release.Model.Services[name]; has {
			all[name] = s
		}
	}
	return all
}

// healUnmanaged handles what is not in the release: it quarantines containers of the environment, and removes
// networks.
func (a *apply) healUnmanaged(ctx context.Context, d release.Diagnosis) error {
	for id, i := range a.findings {
		if _, wanted := a.release.Model.Services[i.Service]; wanted {
			continue
		}
		if _, err := a.retire(ctx, id); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(d.Plan.Changes, func(c release.Change) bool { return c.Kind == release.Delete }) {
		return nil
	}
	return a.backend.pruneNetworks(ctx, a.owner, a.release.Model.Networks)
}

// retireOrRemove quarantines a container that has a finding, and stops and removes any other.
func (a *apply) retireOrRemove(ctx context.Context, f observedContainer) error {
	if done, err := a.retire(ctx, f.ID); done || err != nil {
		return err
	}
	return a.backend.stopAndRemove(ctx, f.ID)
}

// retire quarantines a container that has a finding, and reports whether it has one.
func (a *apply) retire(ctx context.Context, id string) (bool, error) {
	f, has := a.findings[id]
	if !has {
		return false, nil
	}
	name, err := a.backend.quarantine.add(ctx, id)
	if err == nil && name != "" {
		a.report(f.Service, f.Name+" is quarantined as "+name)
	}
	return true, err
}
