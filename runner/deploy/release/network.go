package release

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// networks adds the changes of networks.
func (p *Plan) networks(desired, applied Model, live map[string]Fields, ignore []string) {
	for _, name := range union(desired.Networks, live) {
		p.network(name, desired, applied, live, ignore)
	}
}

func (p *Plan) network(name string, desired, applied Model, live map[string]Fields, ignore []string) {
	want, wanted := desired.Networks[name]
	actual, has := live[name]
	switch fields := filterIgnored("networks."+name, differences(want, applied.Networks[name], actual, nil), ignore); {
	case want["external"] != "" || !wanted && actual["external"] != "": // it belongs to somebody else
	case !has:
		p.add(Change{Kind: Create, Subject: SubjectNetwork, Name: name})
	case !wanted:
		p.add(deletionOfNetwork(name, desired, applied, live))
	case len(fields) > 0:
		p.add(Change{Kind: Replace, Subject: SubjectNetwork, Name: name, Fields: fields,
			Detail: "the containers on it are replaced too"})
	}
}

// deletionOfNetwork returns the change that removes a network: before others are created, where one of them has its
// addresses or its name, and after the containers have left it else.
func deletionOfNetwork(name string, desired, applied Model, live map[string]Fields) Change {
	c := Change{Kind: Delete, Subject: SubjectNetwork, Name: name}
	for _, other := range slices.Sorted(maps.Keys(desired.Networks)) {
		if _, there := live[other]; !there && excludes(desired.Project, name, applied.Networks[name], other, desired.Networks[other]) {
			c.Strategy, c.Detail = StopFirst, "network "+other+" gets its addresses or its name, so the containers on it are replaced too"
		}
	}
	return c
}

// excludes reports whether an engine cannot have two networks at the same time.
func excludes(project, a string, of Fields, b string, with Fields) bool {
	if with["external"] != "" {
		return false
	}
	return ResourceName(project, a, of) == ResourceName(project, b, with) || Overlap(of, with)
}

// Overlap reports whether the fields of two networks ask for addresses that they share.
func Overlap(a, b Fields) bool {
	return slices.ContainsFunc(subnets(a), func(s netip.Prefix) bool { return slices.ContainsFunc(subnets(b), s.Overlaps) })
}

// subnets returns those that the fields of a network ask for.
func subnets(f Fields) (all []netip.Prefix) {
	var config []struct{ Subnet netip.Prefix }
	if json.Unmarshal([]byte(f["compose.ipam.config"]), &config) != nil { // it asks for none
		return nil
	}
	for _, c := range config {
		if c.Subnet.IsValid() {
			all = append(all, c.Subnet)
		}
	}
	return all
}

// ClearsNetwork reports whether a change removes a network, and the containers on it, before networks are created.
func (c Change) ClearsNetwork() bool {
	return c.Subject == SubjectNetwork && (c.Kind == Replace || c.Strategy == StopFirst)
}

// cleared returns the networks that are removed with the containers on them.
func (p *Plan) cleared() map[string]bool {
	all := map[string]bool{}
	for _, c := range p.Changes {
		if c.ClearsNetwork() {
			all[c.Name] = true
		}
	}
	return all
}

// clearedNetwork returns a network of a service, by its fields, that is removed with the containers on it; empty if none is.
func clearedNetwork(cleared map[string]bool, all ...Fields) string {
	for _, f := range all {
		for _, path := range paths(f) {
			if name, ok := strings.CutPrefix(path, "networks."); ok && cleared[name] {
				return name
			}
		}
	}
	return ""
}

// A Guest is a running container that is not davit's, on a network of the environment.
type Guest struct {
	Network string `json:"network"` // its key in the Compose files
	Name    string `json:"name"`    // of the container
}

// SortGuests sorts guests by their networks and names.
func SortGuests(all []Guest) {
	slices.SortFunc(all, func(a, b Guest) int {
		return cmp.Or(cmp.Compare(a.Network, b.Network), cmp.Compare(a.Name, b.Name))
	})
}

// Held returns the first network that a plan removes or replaces and that guests are on, with their names. No engine
// removes such a network.
func (p Plan) Held(guests []Guest) (c Change, names []string) {
	for _, c := range p.Changes {
		if c.Subject != SubjectNetwork || c.Kind != Delete && c.Kind != Replace {
			continue
		}
		for _, g := range guests {
			if g.Network == c.Name {
				names = append(names, g.Name)
			}
		}
		if len(names) > 0 {
			return c, names
		}
	}
	return c, nil
}
