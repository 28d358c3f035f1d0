package docker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
)

const (
	// dnsCacheTime is how long resolvers may remember that the old containers were the only ones: those that honour a second.
	dnsCacheTime = 1100 * time.Millisecond
	// drain is how long an old container, out of DNS, still serves those who have its address.
	drain = 2 * time.Second
)

// startFirst replaces containers without an interruption. Docker's DNS tells of a container as soon as it is started, healthy or not,
// and goes on to tell of it for a moment when it is gone. So new ones have no names until they are healthy, and old ones lose theirs
// before they go. An engine changes the names of a container only by taking it off its network and putting it back; it gets the
// address that it had, so that whoever talks to it goes on.
func (a *apply) startFirst(ctx context.Context, name string, state serviceState) error {
	n := a.release.Model.Services[name].Replicas
	reconnectable, err := a.canReconnect(ctx, name)
	if err != nil {
		return err
	}
	state = surplus(state, n)
	if state, err = a.startReplacement(ctx, name, n, state, reconnectable); err != nil {
		return err
	}
	if reconnectable {
		if err := a.switchTraffic(ctx, name, state); err != nil {
			return err
		}
	}
	return inParallel(state.old, func(_ int, f observedContainer) error {
		a.report(name, "removing "+strings.TrimPrefix(f.Name, "/"))
		return a.retireOrRemove(ctx, f)
	})
}

// surplus makes containers old that are fresh and too many.
func surplus(state serviceState, n int) serviceState {
	if len(state.fresh) > n {
		state.fresh, state.old = state.fresh[:n], append(state.old, state.fresh[n:]...)
	}
	return state
}

// startReplacement makes the new containers beside the old and waits until they are healthy. Otherwise they are removed again, and nothing has
// happened.
func (a *apply) startReplacement(ctx context.Context, name string, n int, state serviceState, reconnectable bool) (serviceState, error) {
	old, err := a.removeStopped(ctx, state.old)
	if err != nil {
		return state, err
	}
	state.old = old
	existing := slices.Concat(state.old, state.fresh)
	a.guard.beginReplacing(name, reconnectable)
	defer a.guard.endReplacing(name)
	if more := n - len(state.fresh); more > 0 {
		a.report(name, fmt.Sprintf("starting %d beside %d", more, len(state.old)))
		if err := a.create(ctx, name, n+len(state.old), api.RecreateNever); err != nil {
			return state, err
		}
	}
	if state.fresh, err = a.containersExcept(ctx, name, state.old); err != nil {
		return state, err
	}
	a.guard.hide(state.old, true) // one that has just ended is not to be started again
	err = a.start(ctx, name)
	a.guard.hide(state.old, false)
	if err == nil {
		err = a.healthy(ctx, name, state.fresh)
	}
	if err != nil {
		return state, errors.Join(err, a.removeReplacement(ctx, state.fresh, existing))
	}
	return state, nil
}

// removeStopped removes the old containers that do not run: the SDK would start them.
func (a *apply) removeStopped(ctx context.Context, old []observedContainer) (running []observedContainer, err error) {
	for _, f := range old {
		if f.running() {
			running = append(running, f)
		} else if err := a.retireOrRemove(ctx, f); err != nil {
			return nil, err
		}
	}
	return running, nil
}

// containersExcept are the containers of a service that are not among some.
func (a *apply) containersExcept(ctx context.Context, name string, some []observedContainer) ([]observedContainer, error) {
	state, err := a.state(ctx, name)
	return slices.DeleteFunc(state.all(), func(f observedContainer) bool {
		return slices.ContainsFunc(some, func(o observedContainer) bool { return o.ID == f.ID })
	}), err
}

// removeReplacement removes new containers that did not become healthy, also after Ctrl-C, unless nobody else is there.
func (a *apply) removeReplacement(ctx context.Context, fresh, existing []observedContainer) error {
	if len(existing) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	return inParallel(fresh, func(_ int, f observedContainer) error {
		if slices.ContainsFunc(existing, func(s observedContainer) bool { return s.ID == f.ID }) {
			return nil
		}
		return a.backend.remove(ctx, f.ID)
	})
}

// canReconnect tells whether containers of a service can be put back on their networks with the address that they had. Ports that the engine
// chooses would be others afterwards.
func (a *apply) canReconnect(ctx context.Context, name string) (bool, error) {
	p, err := a.project(name)
	if err != nil || len(p.Services[name].Ports) > 0 {
		return false, err
	}
	for key := range p.Services[name].Networks {
		n, err := a.backend.engine.NetworkInspect(ctx, p.Networks[key].Name, client.NetworkInspectOptions{})
		if err != nil {
			return false, ignoreNotFound(err)
		}
		if n.Network.Labels[label.Subnet] != label.Halves && len(p.Networks[key].Ipam.Config) == 0 {
			return false, nil
		}
	}
	return true, nil
}

// switchTraffic gives the names of the old containers to the new.
func (a *apply) switchTraffic(ctx context.Context, name string, state serviceState) error {
	p, err := a.project(name)
	if err != nil {
		return err
	}
	for _, f := range state.fresh {
		if err := a.setAliases(ctx, f, p, dnsNames(p.Services[name], f)); err != nil {
			return err
		}
	}
	if err := a.healthy(ctx, name, state.fresh); err != nil || len(state.old) == 0 {
		return err
	}
	if err := pause(ctx, dnsCacheTime); err != nil {
		return err
	}
	for _, f := range state.old {
		if err := a.setAliases(ctx, f, p, nil); err != nil {
			return err
		}
	}
	a.report(name, "the new containers have taken over")
	return pause(ctx, drain)
}

// dnsNames are those of a container of a service, by network.
func dnsNames(s types.ServiceConfig, f observedContainer) map[string][]string {
	all := map[string][]string{}
	for key, n := range s.Networks {
		all[key] = []string{strings.TrimPrefix(f.Name, "/"), s.Name}
		if n != nil {
			all[key] = append(all[key], n.Aliases...)
		}
	}
	return all
}

// setAliases puts a container back on its networks with other names, where it has not these.
func (a *apply) setAliases(ctx context.Context, f observedContainer, p *types.Project, names map[string][]string) error {
	c, err := a.backend.engine.ContainerInspect(ctx, f.ID, client.ContainerInspectOptions{})
	if err != nil {
		return ignoreNotFound(err)
	}
	for key := range p.Services[f.label(api.ServiceLabel)].Networks {
		e := c.Container.NetworkSettings.Networks[p.Networks[key].Name]
		if e == nil || hasAliases(e.Aliases, names[key], f) {
			continue
		}
		if err := a.reconnect(ctx, f.ID, p.Networks[key].Name, e, names[key]); err != nil {
			return err
		}
	}
	return nil
}

// hasAliases tells whether a network knows a container by the names that it is to have, beside its id.
func hasAliases(has, want []string, f observedContainer) bool {
	has = slices.DeleteFunc(slices.Clone(has), func(name string) bool { return strings.HasPrefix(f.ID, name) })
	has = slices.Compact(slices.Sorted(slices.Values(has)))
	return slices.Equal(has, slices.Compact(slices.Sorted(slices.Values(want))))
}

// reconnect takes a container off a network and puts it back, with the same address if that is still free.
func (a *apply) reconnect(ctx context.Context, id, on string, was *network.EndpointSettings, names []string) error {
	ctx = context.WithoutCancel(ctx) // nobody is to be left without a network
	if _, err := a.backend.engine.NetworkDisconnect(ctx, on, client.NetworkDisconnectOptions{Container: id}); ignoreNotFound(err) != nil {
		return err
	}
	e := &network.EndpointSettings{Aliases: names, Links: was.Links, DriverOpts: was.DriverOpts, GwPriority: was.GwPriority, IPAMConfig: was.IPAMConfig.Copy()}
	free := e.Copy()
	if e.IPAMConfig == nil {
		e.IPAMConfig = &network.EndpointIPAMConfig{}
	}
	e.IPAMConfig.IPv4Address = was.IPAddress
	_, err := a.backend.engine.NetworkConnect(ctx, on, client.NetworkConnectOptions{Container: id, EndpointConfig: e})
	if err != nil {
		_, err = a.backend.engine.NetworkConnect(ctx, on, client.NetworkConnectOptions{Container: id, EndpointConfig: free})
	}
	return err
}
