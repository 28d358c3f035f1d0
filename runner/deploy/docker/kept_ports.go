package docker

import (
	"cmp"
	"slices"

	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A keptPort is a port of the machine that the engine has chosen for a container, of those that were asked for: "any",
// or "8000-8010".
type keptPort struct{ asked, number string }

// keptPorts returns the ports that the engine has chosen for a container, by its own. One that is bound at two addresses
// may have two.
func (f observedContainer) keptPorts() map[network.Port]keptPort {
	all := map[network.Port]keptPort{}
	if f.HostConfig == nil {
		return all
	}
	for port, bound := range f.HostConfig.PortBindings {
		if len(bound) != 1 {
			continue
		}
		k := keptPort{asked: f.askedPort(port, bound[0]), number: f.numberOf(port, bound[0])}
		if release.IsChosenPort(k.asked) && k.number != "" {
			all[port] = k
		}
	}
	return all
}

// askedPort returns the port of the machine that the Compose file asks for.
func (f observedContainer) askedPort(port network.Port, b network.PortBinding) string {
	asked := cmp.Or(f.label(label.Port+port.String()), b.HostPort)
	if asked == "" || asked == "0" {
		return release.AnyPort
	}
	return asked
}

// numberOf returns the port of the machine that a container has or, while it does not run, had; empty if nobody knows.
// One that could not be started may have asked for a port that another has.
func (f observedContainer) numberOf(port network.Port, b network.PortBinding) string {
	if f.running() && f.NetworkSettings != nil {
		for _, actual := range f.NetworkSettings.Ports[port] {
			if actual.HostIP == b.HostIP || isWildcard(actual.HostIP) && isWildcard(b.HostIP) {
				return actual.HostPort
			}
		}
	}
	if f.label(label.Port+port.String()) == "" || f.State.Error != "" {
		return ""
	}
	return b.HostPort
}

// keepPorts gives a container that is about to be created the ports of the one that it replaces, where the engine would
// choose other ones.
func keepPorts(o *client.ContainerCreateOptions, kept map[network.Port]keptPort) {
	if o.HostConfig == nil {
		return
	}
	for port, k := range kept {
		bound := slices.Clone(o.HostConfig.PortBindings[port])
		if len(bound) != 1 || cmp.Or(bound[0].HostPort, release.AnyPort) != k.asked {
			continue
		}
		bound[0].HostPort = k.number
		o.HostConfig.PortBindings[port] = bound
		o.Config.Labels[label.Port+port.String()] = k.asked
	}
}
