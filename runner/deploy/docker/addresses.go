package docker

import (
	"context"
	"maps"
	"net/netip"
	"slices"

	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
)

// A container of davit's asks for the address of the one that it replaces, and keeps asking for it whenever it is
// started again. Meanwhile the engine may have given that to another, after a restart of the machine for
// example; the container would not start any more. So the engine itself gives the addresses of the lower half of
// a network of davit's, and davit those of the upper to all its containers.

// NetworkCreate marks a network, and divides one whose subnet the engine chose. The network has to be created again: a
// container may have a certain address only in a subnet that was asked for.
func (g *guard) NetworkCreate(
	ctx context.Context, name string, o client.NetworkCreateOptions,
) (client.NetworkCreateResult, error) {
	o.Labels = g.marked(o.Labels)
	if o.IPAM != nil && len(o.IPAM.Config) > 0 {
		return g.APIClient.NetworkCreate(ctx, name, o)
	}
	for try := 1; ; try++ {
		r, taken, err := g.divided(ctx, name, o)
		if !taken || try == subnetTries || ctx.Err() != nil {
			return r, err
		}
	}
}

// subnetTries is how often a network is made anew, since another one has taken its subnet meanwhile.
const subnetTries = 5

// divided creates a network whose subnet the engine chooses, and divides it. taken means that another network may have
// taken the subnet in between.
func (g *guard) divided(
	ctx context.Context, name string, o client.NetworkCreateOptions,
) (r client.NetworkCreateResult, taken bool, err error) {
	if r, err = g.APIClient.NetworkCreate(ctx, name, o); err != nil {
		return r, false, err
	}
	i, err := g.NetworkInspect(ctx, r.ID, client.NetworkInspectOptions{})
	if err != nil {
		return r, false, err
	}
	config, done := halve(i.Network.IPAM.Config)
	if !done {
		return r, false, nil
	}
	if _, err := g.NetworkRemove(ctx, r.ID, client.NetworkRemoveOptions{}); err != nil {
		return r, false, err
	}
	o.IPAM = &network.IPAM{Driver: i.Network.IPAM.Driver, Options: i.Network.IPAM.Options, Config: config}
	o.Labels = maps.Clone(o.Labels)
	o.Labels[label.Subnet] = label.Halves
	r, err = g.APIClient.NetworkCreate(ctx, name, o)
	return r, err != nil, err
}

// halve makes the engine choose from the lower half of the first IPv4 subnet. A subnet that is too small for
// that stays whole.
func halve(all []network.IPAMConfig) ([]network.IPAMConfig, bool) {
	all = slices.Clone(all)
	i := slices.IndexFunc(all, func(c network.IPAMConfig) bool {
		return c.Subnet.Addr().Is4() &&
			c.Subnet.Bits() <= 26
	})
	if i < 0 {
		return all, false
	}
	all[i].IPRange = netip.PrefixFrom(all[i].Subnet.Masked().Addr(), all[i].Subnet.Bits()+1)
	return all, true
}

// upper returns the first address of the upper half of a subnet.
func upper(lower netip.Prefix) netip.Addr {
	b := lower.Addr().As4()
	bit := lower.Bits() - 1 // the one in which the halves differ
	b[bit/8] |= 0x80 >> (bit % 8)
	return netip.AddrFrom4(b)
}

// assignAddress gives a container that is about to join a network an address of the upper half, if one is
// free. The guard is locked, so that no other container gets the same.
func (g *guard) assignAddress(ctx context.Context, name string, e *network.EndpointSettings) error {
	n, err := g.NetworkInspect(ctx, name, client.NetworkInspectOptions{})
	if err != nil || n.Network.Labels[label.Subnet] != label.Halves {
		return ignoreNotFound(err)
	}
	i := slices.IndexFunc(n.Network.IPAM.Config,
		func(c network.IPAMConfig) bool { return c.IPRange.IsValid() })
	if i < 0 || e.IPAMConfig != nil && e.IPAMConfig.IPv4Address.IsValid() {
		return nil
	}
	used, err := g.usedAddresses(ctx, n.Network.Name)
	if err != nil {
		return err
	}
	subnet := n.Network.IPAM.Config[i].Subnet
	// the last one is for broadcasts
	for a := upper(n.Network.IPAM.Config[i].IPRange).Next(); subnet.Contains(a.Next()); a = a.Next() {
		if used[a] || g.reserved[name][a] || g.assigned[name][a] {
			continue
		}
		g.assign(name, e, a)
		return nil
	}
	return nil // the half is full: the container gets any address, and the next one cannot have the same
}

// assign keeps an address for a container that is being created.
func (g *guard) assign(name string, e *network.EndpointSettings, a netip.Addr) {
	if g.assigned[name] == nil {
		g.assigned[name] = map[netip.Addr]bool{}
	}
	g.assigned[name][a] = true
	setAddress(e, a)
}

// unassign ends that: the container asks for it now, or could not be created.
func (g *guard) unassign(name string, e *network.EndpointSettings) {
	if e != nil && e.IPAMConfig != nil {
		delete(g.assigned[name], e.IPAMConfig.IPv4Address)
	}
}

// usedAddresses returns the addresses that containers on a network have, or will ask for.
func (g *guard) usedAddresses(ctx context.Context, name string) (map[netip.Addr]bool, error) {
	list, err := g.APIClient.ContainerList(ctx, client.ContainerListOptions{All: true})
	used := map[netip.Addr]bool{}
	for _, c := range list.Items {
		if c.NetworkSettings == nil || c.NetworkSettings.Networks[name] == nil {
			continue
		}
		e := c.NetworkSettings.Networks[name]
		used[e.IPAddress] = true
		if e.IPAMConfig != nil {
			used[e.IPAMConfig.IPv4Address] = true
		}
	}
	return used, err
}
