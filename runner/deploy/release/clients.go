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

// KeepsAddress reports whether new containers of a service get the addresses of the old ones, and the ports that the
// engine has chosen. They do not on floating networks, and need not if there are no such ports and all services can
// reload that may be its clients.
func (m Model) KeepsAddress(name string, floating []string) bool {
	s := m.Services[name]
	for _, network := range s.networks() {
		if slices.Contains(floating, network) || m.Networks[network]["external"] != "" {
			return false
		}
	}
	return !s.StartFirst || len(s.chosenPorts(s)) > 0 || !m.othersReload(name)
}

// othersReload reports whether every other service on the networks of a service can reload, but for those that it
// depends on itself: a client need not say that it is one.
func (m Model) othersReload(name string) bool {
	needs := m.allNeeds(name)
	for other, s := range m.Services {
		if other != name && !s.Job && !needs[other] && s.Reload == "" && s.sharesNetwork(m.Services[name]) {
			return false
		}
	}
	return true
}

// allNeeds returns the services that one depends on, directly or not.
func (m Model) allNeeds(name string) map[string]bool {
	all := map[string]bool{}
	var add func(string)
	add = func(name string) {
		for _, need := range m.Services[name].Needs {
			if !all[need] {
				all[need] = true
				add(need)
			}
		}
	}
	add(name)
	return all
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
