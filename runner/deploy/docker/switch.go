package docker

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
)

// A clientTime is how long clients may use what they know of an old container.
type clientTime struct {
	// dns is how long resolvers may remember that the old containers were the only ones: those that honour a second.
	dns time.Duration
	// drain is how long an old container, out of DNS, still serves clients that have its address. A resolver that
	// counts in whole seconds, such as that of nginx, remembers a second for almost two; the rest is for an answer on
	// its way, and for a connection that is sent again, after a second, because the container was reconnected.
	drain time.Duration
}

// usualClientTime is that of every environment. Tests without clients have none.
var usualClientTime = clientTime{dns: 1100 * time.Millisecond, drain: 2500 * time.Millisecond}

// announce gives new containers their names, and waits until they are healthy with them.
func (r *reconciler) announce(ctx context.Context, fresh []observedContainer) error {
	p, err := r.project(r.name)
	if err != nil {
		return err
	}
	for _, f := range fresh {
		if err := r.setAliases(ctx, f, p, dnsNames(p.Services[r.name], f)); err != nil {
			return err
		}
	}
	return r.healthy(ctx, fresh)
}

// removeNames takes the names of old containers away, once clients know those of the others. A container with a port
// that the engine has chosen keeps its names: it would get another port.
func (r *reconciler) removeNames(ctx context.Context, old []observedContainer) error {
	p, err := r.project(r.name)
	if err != nil || len(old) == 0 || len(p.Services[r.name].Networks) == 0 {
		return err
	}
	if err := pause(ctx, r.backend.clientTime.dns); err != nil || len(p.Services[r.name].Ports) > 0 {
		return err
	}
	for _, f := range old {
		if err := r.setAliases(ctx, f, p, nil); err != nil {
			return err
		}
	}
	r.report(r.name, "the others have taken over")
	return nil
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
func (r *reconciler) setAliases(
	ctx context.Context, f observedContainer, p *types.Project, names map[string][]string,
) error {
	c, err := r.backend.engine.ContainerInspect(ctx, f.ID, client.ContainerInspectOptions{})
	if err != nil {
		return ignoreNotFound(err)
	}
	for key := range p.Services[f.label(api.ServiceLabel)].Networks {
		e := c.Container.NetworkSettings.Networks[p.Networks[key].Name]
		if e == nil || hasAliases(e.Aliases, names[key], f) {
			continue
		}
		stays, err := r.backend.staysAt(ctx, p.Networks[key].Name, e)
		if err != nil {
			return err
		}
		if names == nil && !stays { // it still serves those who have its address
			continue
		}
		if err := r.reconnect(ctx, f.ID, p.Networks[key].Name, e, names[key]); err != nil {
			return err
		}
	}
	return nil
}

// hasAliases reports whether a container has exactly the wanted names, besides its id.
func hasAliases(has, want []string, f observedContainer) bool {
	has = slices.DeleteFunc(slices.Clone(has),
		func(name string) bool { return strings.HasPrefix(f.ID, name) })
	has = slices.Compact(slices.Sorted(slices.Values(has)))
	return slices.Equal(has, slices.Compact(slices.Sorted(slices.Values(want))))
}

// reconnect disconnects a container from a network and connects it again, with the same address if that is
// still free.
func (r *reconciler) reconnect(
	ctx context.Context, id, on string, was *network.EndpointSettings, names []string,
) error {
	ctx = context.WithoutCancel(ctx) // a cancelled call must not leave the container without a network
	if _, err := r.backend.engine.NetworkDisconnect(ctx, on,
		client.NetworkDisconnectOptions{Container: id}); ignoreNotFound(err) != nil {
		return err
	}
	e := &network.EndpointSettings{
		Aliases: names, Links: was.Links, DriverOpts: was.DriverOpts, GwPriority: was.GwPriority,
		IPAMConfig: was.IPAMConfig.Copy(),
	}
	free := e.Copy()
	if e.IPAMConfig == nil {
		e.IPAMConfig = &network.EndpointIPAMConfig{}
	}
	e.IPAMConfig.IPv4Address = was.IPAddress
	_, err := r.backend.engine.NetworkConnect(ctx, on, client.NetworkConnectOptions{
		Container: id, EndpointConfig: e,
	})
	if err != nil {
		_, err = r.backend.engine.NetworkConnect(ctx, on, client.NetworkConnectOptions{
			Container: id, EndpointConfig: free,
		})
	}
	return err
}
