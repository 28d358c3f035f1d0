package docker

import (
	"context"
	"maps"
	"net/netip"
	"slices"
	"strconv"

	"github.com/moby/moby/api/types/network"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
)

// addresses are those that a container keeps, by the names of its networks.
type addresses map[string]netip.Addr

// A placement says how containers of a service are created.
type placement struct {
	// beside creates them beside older ones, with the lowest free numbers.
	beside bool
	// silent gives them no names in DNS.
	silent bool
	// surge marks them as containers that only serve during a replacement.
	surge bool
	// claims are what they get of the containers that they replace, by the numbers of these.
	claims map[int]claim
}

// A claim is what a new container gets of the one that it replaces, once that has stopped.
type claim struct {
	addresses addresses
	ports     map[network.Port]keptPort
}

// claim takes that of the container with a number, or with the lowest one for a container that is created beside it.
func (p placement) claim(number string) claim {
	n, _ := strconv.Atoi(number)
	if p.beside && len(p.claims) > 0 {
		n = slices.Min(slices.Collect(maps.Keys(p.claims)))
	}
	c := p.claims[n]
	delete(p.claims, n)
	return c
}

// An endpoint is how a new container is connected to its networks.
type endpoint struct {
	silent    bool
	addresses addresses
}

// place says how the SDK creates containers of a service, until done is called.
func (g *guard) place(service string, p placement) (done func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.placements[service] = p
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		delete(g.placements, service)
	}
}

// placement returns how containers of a service are created now.
func (g *guard) placement(service string) placement {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.placements[service]
}

// reserve keeps addresses of containers for those that will replace them.
func (g *guard) reserve(claims map[int]claim) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, claim := range claims {
		for name, address := range claim.addresses {
			if g.reserved[name] == nil {
				g.reserved[name] = map[netip.Addr]bool{}
			}
			g.reserved[name][address] = true
		}
	}
}

// connecting changes the settings of a container that is about to join a network. The guard is locked.
func (g *guard) connecting(ctx context.Context, name string, e *network.EndpointSettings, as endpoint) error {
	if e == nil {
		return nil
	}
	if as.silent {
		e.Aliases = nil
	}
	if address := as.addresses[name]; address.IsValid() {
		setAddress(e, address)
		return nil
	}
	return g.assignAddress(ctx, name, e)
}

func setAddress(e *network.EndpointSettings, a netip.Addr) {
	if e.IPAMConfig == nil {
		e.IPAMConfig = &network.EndpointIPAMConfig{}
	}
	e.IPAMConfig.IPv4Address = a
}

// addresses returns the addresses that a container asks for on its networks.
func (f observedContainer) addresses() addresses {
	all := addresses{}
	if f.NetworkSettings == nil {
		return all
	}
	for name, e := range f.NetworkSettings.Networks {
		if e.IPAMConfig != nil && e.IPAMConfig.IPv4Address.IsValid() {
			all[name] = e.IPAMConfig.IPv4Address
		}
	}
	return all
}

// claims returns what those get that replace containers, by the numbers of these.
func claims(all []observedContainer) map[int]claim {
	claims := map[int]claim{}
	for _, f := range all {
		claims[f.number()] = claim{f.addresses(), f.keptPorts()}
	}
	return claims
}

// isSurge reports whether a container only serves during a replacement.
func (f observedContainer) isSurge() bool { return f.label(label.Surge) != "" }
