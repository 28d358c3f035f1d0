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
	// dnsCacheTime is how long resolvers may remember that the old containers were the only ones: those that
	// honour a second.
	dnsCacheTime = 1100 * time.Millisecond
	// drain is how long an old container, out of DNS, still serves clients that have its address.
	drain = 2 * time.Second
)

// startFirst replaces containers without an interruption. Docker's DNS announces a container as soon as it is
// started, healthy or not, and for a moment after it is gone. So new ones have no names until they are
// healthy, and old ones lose theirs before they stop. An engine changes the names of a container only by
// disconnecting it from its network and connecting it again; it keeps its address, so that open connections
// go on.
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

// surplus moves containers that are fresh and too many to the old ones.
func surplus(state serviceState, n int) serviceState {
	if len(state.fresh) > n {
		state.fresh, state.old = state.fresh[:n], append(state.old, state.fresh[n:]...)
	}
	return state
}

// startReplacement starts the new containers beside the old and waits until they are healthy. If they do not
// become healthy, it removes them again, and nothing has changed.
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

// removeStopped removes the old containers that do not run, since the SDK would start them, and returns the
// others.
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

// containersExcept returns the containers of a service that are not among some.
func (a *apply) containersExcept(ctx context.Context, name string, some []observedContainer) ([]observedContainer, error) {
	state, err := a.state(ctx, name)
	return slices.DeleteFunc(state.all(), func(f observedContainer) bool {
		return slices.ContainsFunc(some, func(o observedContainer) bool { return o.ID == f.ID })
	}), err
}

// removeReplacement removes new containers that did not become healthy, also after Ctrl-C, unless they are
// the only ones.
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

// canReconnect reports whether containers of a service can be reconnected to their networks with the address
// that they had. Ports that the engine chooses would change.
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

// switchTraffic moves the names of the old containers to the new ones.
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

// dnsNames returns the names of a container of a service, by network.
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

// setAliases reconnects a container to those of its networks where it has other names.
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

// hasAliases reports whether a container has exactly the wanted names, besides its id.
func hasAliases(has, want []string, f observedContainer) bool {
	has = slices.DeleteFunc(slices.Clone(has), func(name string) bool { return strings.HasPrefix(f.ID, name) })
	has = slices.Compact(slices.Sorted(slices.Values(has)))
	return slices.Equal(has, slices.Compact(slices.Sorted(slices.Values(want))))
}

// reconnect disconnects a container from a network and connects it again, with the same address if that is
// still free.
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
