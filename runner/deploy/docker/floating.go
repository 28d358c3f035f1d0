package docker

import (
	"context"
	"net/netip"
	"slices"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
)

// floating returns the keys of the networks of the environment on which a new container does not get the address
// of the one that it replaces: davit has not divided their addresses, or an older davit has left the choice to
// the engine.
func floating(networks []network.Summary, containers []container.Summary) (keys []string) {
	for _, n := range networks {
		if n.Labels[label.Subnet] != label.Halves ||
			slices.ContainsFunc(containers, func(c container.Summary) bool { return isAdrift(c, n.Name) }) {
			keys = append(keys, n.Labels[api.NetworkLabel])
		}
	}
	slices.Sort(keys)
	return keys
}

// isAdrift reports whether a container is on a network without asking for an address.
func isAdrift(c container.Summary, on string) bool {
	if c.NetworkSettings == nil || c.NetworkSettings.Networks[on] == nil {
		return false
	}
	asked := c.NetworkSettings.Networks[on].IPAMConfig
	return asked == nil || !asked.IPv4Address.IsValid()
}

// findFloating finds the floating networks of a change.
func (a *apply) findFloating(ctx context.Context) error {
	containers, there, err := a.backend.list(ctx, ofProject(a.backend.project), ofProject(a.backend.project))
	a.floating = floating(slices.DeleteFunc(there.networks, func(n network.Summary) bool { return !a.owner.network(n) }),
		a.owner.services(containers))
	return err
}

// staysAt reports whether a container that is reconnected to a network gets the address that it has. An engine
// that chooses addresses itself takes the lowest that is free.
func (b *Backend) staysAt(ctx context.Context, name string, e *network.EndpointSettings) (bool, error) {
	r, err := b.engine.NetworkInspect(ctx, name, client.NetworkInspectOptions{})
	if err != nil {
		return false, ignoreNotFound(err)
	}
	if e.IPAMConfig != nil && e.IPAMConfig.IPv4Address.IsValid() {
		return true, nil
	}
	used := map[netip.Addr]bool{}
	for _, c := range r.Network.IPAM.Config {
		used[c.Gateway] = true
	}
	for _, c := range r.Network.Containers {
		used[c.IPv4Address.Addr()] = true
	}
	for a := e.IPAddress.Prev(); a.IsValid() && a != r.Network.IPAM.Config[0].Subnet.Masked().Addr(); a = a.Prev() {
		if !used[a] {
			return false, nil
		}
	}
	return true, nil
}
