package docker

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Heal quarantines unhealthy and drifted containers and replaces them with fresh ones of the release,
// start-first where the model allows that. Healthy ones are not touched. It is an Apply that was told which
// containers are wrong.
func (b *Backend) Heal(ctx context.Context, d release.Diagnosis, r release.Release, o deploy.HealOptions) error {
	if err := b.CheckRelease(ctx, r, d.Services()); err != nil {
		return err
	}
	r.Model.Services = withReplicas(r.Model.Services, d.Replicas)
	a, err := b.newApply(ctx, d.Plan, r, o.ApplyOptions)
	if err != nil {
		return err
	}
	a.findings = d.Quarantine()
	a.guard.retire = a.retire
	if len(d.Plan.Changes) > 0 {
		if err := a.createNetworks(ctx); err != nil {
			return err
		}
	}
	for _, wave := range waves(a.affectedServices(d)) {
		if err := inParallel(wave, func(_ int, service string) error { return a.service(ctx, service) }); err != nil {
			return err
		}
	}
	if err := a.healUnmanaged(ctx, d); err != nil {
		return err
	}
	return b.pruneQuarantined(ctx, o.Keep)
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

// affectedServices returns the services of the release with a finding.
func (a *apply) affectedServices(d release.Diagnosis) map[string]release.Service {
	all := map[string]release.Service{}
	for _, name := range d.Services() {
		if s, has := a.release.Model.Services[name]; has {
			all[name] = s
		}
	}
	return all
}

// healUnmanaged handles what is not in the release: it quarantines containers of the environment, disconnects
// those of others from its networks, and removes networks.
func (a *apply) healUnmanaged(ctx context.Context, d release.Diagnosis) error {
	if err := a.clearOrphans(ctx); err != nil {
		return err
	}
	for id, i := range a.findings {
		if _, wanted := a.release.Model.Services[i.Service]; wanted {
			continue
		}
		if _, err := a.retire(ctx, id); err != nil {
			return err
		}
	}
	for _, i := range d.Findings {
		if i.Action == release.Disconnect {
			if err := a.disconnectUnmanaged(ctx, i.Name); err != nil {
				return err
			}
		}
	}
	if !slices.ContainsFunc(d.Plan.Changes, func(c release.Change) bool { return c.Kind == release.Delete }) {
		return nil
	}
	return a.backend.pruneNetworks(ctx, a.release.Model.Networks)
}

// disconnectUnmanaged disconnects another owner's container from the networks of the environment.
func (a *apply) disconnectUnmanaged(ctx context.Context, name string) error {
	c, err := a.backend.engine.ContainerInspect(ctx, name, client.ContainerInspectOptions{})
	if err != nil || c.Container.NetworkSettings == nil {
		return ignoreNotFound(err)
	}
	list, err := a.backend.engine.NetworkList(ctx, client.NetworkListOptions{Filters: ofProject(a.backend.project)})
	if err != nil {
		return err
	}
	for _, n := range list.Items {
		if _, on := c.Container.NetworkSettings.Networks[n.Name]; !on {
			continue
		}
		a.report("networks", "disconnecting "+name+" from network "+n.Labels[api.NetworkLabel])
		if err := a.backend.disconnect(ctx, n.ID, c.Container.ID); err != nil {
			return err
		}
	}
	return nil
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
	name, err := a.backend.quarantine(ctx, id)
	if err == nil && name != "" {
		a.report(f.Service, f.Name+" is set aside as "+name)
	}
	return true, err
}

// swap replaces containers after the old ones have stopped. Where it can, the SDK creates a container from an
// old one: only then the data of anonymous volumes is kept. Meanwhile it sees no other container, since it
// would replace these too.
func (a *apply) swap(ctx context.Context, name string, state serviceState) error {
	n := a.release.Model.Services[name].Replicas
	state = surplus(state, n)
	replaced, rest := a.splitReplaceable(name, state, n-len(state.fresh))
	if err := inParallel(rest, func(_ int, f observedContainer) error { return a.retireOrRemove(ctx, f) }); err != nil {
		return err
	}
	if len(replaced) > 0 {
		a.report(name, "replacing "+strconv.Itoa(len(replaced))+", with an interruption")
		a.guard.hide(state.fresh, true)
		err := a.create(ctx, name, len(replaced), api.RecreateForce)
		a.guard.hide(state.fresh, false)
		if err != nil {
			return err
		}
	}
	if n > len(state.fresh)+len(replaced) {
		if err := a.fill(ctx, name, n); err != nil {
			return err
		}
	}
	return a.recover(ctx, name, state.fresh)
}

// fill creates the containers that a service lacks.
func (a *apply) fill(ctx context.Context, name string, n int) error {
	a.guard.beginReplacing(name, false)
	defer a.guard.endReplacing(name)
	return a.create(ctx, name, n, api.RecreateNever)
}

// recover starts the new containers of a service, and waits until they are healthy.
func (a *apply) recover(ctx context.Context, name string, existing []observedContainer) error {
	if a.release.Model.Services[name].Replicas == 0 {
		return nil
	}
	if err := a.start(ctx, name); err != nil {
		return err
	}
	fresh, err := a.containersExcept(ctx, name, existing)
	if err != nil {
		return err
	}
	return a.healthy(ctx, name, fresh)
}

// containerName returns the name that a container of a service must have.
func (a *apply) containerName(service string, f observedContainer) string {
	usual := strings.Join([]string{a.backend.project, service, f.label(api.ContainerNumberLabel)}, api.Separator)
	return cmp.Or(a.release.Model.Services[service].Fields["compose.container_name"], usual)
}

// splitReplaceable returns the containers that the SDK can replace in place, at most so many: those with the
// name and number of a container of the service. The rest are surplus, or of somebody who copied labels.
func (a *apply) splitReplaceable(name string, state serviceState, most int) (replaced, rest []observedContainer) {
	taken := map[int]bool{}
	for _, f := range state.fresh {
		taken[f.number()] = true
	}
	for _, f := range state.old {
		if len(replaced) < most && !taken[f.number()] && strings.TrimPrefix(f.Name, "/") == a.containerName(name, f) {
			taken[f.number()] = true
			replaced = append(replaced, f)
		} else {
			rest = append(rest, f)
		}
	}
	return replaced, rest
}
