package docker

import (
	"slices"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/network"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// notInDNS is the field of a network on which the name of the service does not lead to the container yet. A
// davit that was killed before the new containers took over leaves such. It only makes a difference: nothing
// reads it back.
const notInDNS = "not in DNS"

// addNetworks adds the networks of the container, and its aliases there.
func (l *observation) addNetworks(f observedContainer, fields release.Fields) {
	if f.NetworkSettings == nil || l.networkMode(string(f.HostConfig.NetworkMode)) != "" {
		return
	}
	service := f.label(api.ServiceLabel)
	for on, e := range f.NetworkSettings.Networks {
		at := l.networkPath(on)
		fields[at] = ""
		if !slices.Contains(e.Aliases, service) {
			fields[at] = notInDNS
		}
		for _, alias := range e.Aliases {
			if alias != service && !l.isOwnName(f, alias) {
				fields[at+".aliases."+alias] = ""
			}
		}
		setAddresses(f, fields, at, e.IPAMConfig)
	}
}

// networkPath returns the path of the field of a network, by its name on the engine.
func (l *observation) networkPath(name string) string { return "networks." + l.networkKey(name) }

// unannounced returns the paths of the networks on which the name of the service does not lead to a container
// yet.
func (l *observation) unannounced(f observedContainer) (paths []string) {
	if f.NetworkSettings == nil || l.networkMode(string(f.HostConfig.NetworkMode)) != "" {
		return nil
	}
	for on, e := range f.NetworkSettings.Networks {
		if !slices.Contains(e.Aliases, f.label(api.ServiceLabel)) {
			paths = append(paths, release.QualifyPath(backendName, l.networkPath(on)))
		}
	}
	return paths
}

// setAddresses adds the addresses that the model asks for. A container that was reconnected asks for the one
// that it had; that is no field.
func setAddresses(f observedContainer, fields release.Fields, at string, c *network.EndpointIPAMConfig) {
	if c == nil || f.label(label.Fields) != "" && f.label(label.Static) == "" {
		return
	}
	if c.IPv4Address.IsValid() {
		fields[at+".ipv4_address"] = c.IPv4Address.String()
	}
	if c.IPv6Address.IsValid() {
		fields[at+".ipv6_address"] = c.IPv6Address.String()
	}
}

func (l *observation) networkKey(network string) string {
	if key := l.networks[network]; key != "" {
		return key
	}
	return network
}

// isOwnName reports whether an alias is the container's own: its id, or the name of a container of its
// service.
func (l *observation) isOwnName(f observedContainer, alias string) bool {
	prefix := l.backend.project + api.Separator + f.label(api.ServiceLabel)
	return strings.HasPrefix(f.ID, alias) || alias == strings.TrimPrefix(f.Name, "/") ||
		strings.HasPrefix(alias, prefix+api.Separator)
}
