package release

import (
	"maps"
	"slices"
	"strings"
)

// Clients returns the services that may remember the address of a service, sorted: they are on one of its
// networks, and publish ports or depend on it.
func (m Model) Clients(name string) (all []string) {
	for _, other := range slices.Sorted(maps.Keys(m.Services)) {
		s := m.Services[other]
		if other != name && !s.Job && s.sharesNetwork(m.Services[name]) &&
			(s.publishes() || slices.Contains(s.Needs, name)) {
			all = append(all, other)
		}
	}
	return all
}

// Followers returns the clients of a service that restart, or reload if they can, when it has another address:
// those that publish ports, and those with a command for it.
func (m Model) Followers(name string) []string {
	return slices.DeleteFunc(m.Clients(name), func(client string) bool {
		s := m.Services[client]
		return !s.publishes() && s.Reload == ""
	})
}

// KeepsAddress reports whether new containers of a service get the addresses of the old ones. They do not on
// floating networks, and need not if all clients can reload.
func (m Model) KeepsAddress(name string, floating []string) bool {
	s := m.Services[name]
	for _, network := range s.networks() {
		if slices.Contains(floating, network) || m.Networks[network]["external"] != "" {
			return false
		}
	}
	return !s.StartFirst || slices.ContainsFunc(m.Clients(name),
		func(client string) bool { return m.Services[client].Reload == "" })
}

// networks returns the keys of the networks of a service, sorted.
func (s Service) networks() (all []string) {
	for _, path := range paths(s.Fields) {
		if name, ok := strings.CutPrefix(path, "networks."); ok {
			all = append(all, name)
		}
	}
	return all
}

func (s Service) sharesNetwork(other Service) bool {
	return slices.ContainsFunc(s.networks(),
		func(name string) bool { return slices.Contains(other.networks(), name) })
}

// publishes reports whether a service has ports on the machine.
func (s Service) publishes() bool {
	return slices.ContainsFunc(paths(s.Fields),
		func(path string) bool { return strings.HasPrefix(path, PortPrefix) })
}
