package release

import (
	"slices"
	"strings"
)

// followers adds the clients that restart or reload since a service they use gets other addresses. A client that
// is replaced itself and cannot reload looks the name up when it starts.
func (p *Plan) followers(desired Model, floating []string, cleared map[string]bool) {
	after := map[string][]string{}
	var order []string
	for _, c := range p.Changes {
		if c.Subject != SubjectService || c.Kind != Replace || desired.Services[c.Name].Job ||
			desired.KeepsAddress(c.Name, floating) || clearedNetwork(cleared, desired.Services[c.Name].Fields) != "" {
			continue
		}
		for _, client := range desired.Clients(c.Name) {
			if after[client] == nil {
				order = append(order, client)
			}
			after[client] = append(after[client], c.Name)
		}
	}
	slices.Sort(order)
	for _, client := range order {
		p.follow(client, desired.Services[client], after[client])
	}
}

// RestartsAfter reports whether a service restarts with a dependency that is replaced, in its own turn. Another client
// restarts when the service is replaced whose addresses it remembers, and so not in its turn, which may be before that.
func (s Service) RestartsAfter(kinds map[string]ChangeKind) bool {
	return slices.ContainsFunc(s.Restarts, func(need string) bool { return kinds[need] == Replace })
}

// follow adds the change of one client.
func (p *Plan) follow(name string, s Service, after []string) {
	changed := slices.ContainsFunc(p.Changes,
		func(c Change) bool { return c.Subject == SubjectService && c.Name == name })
	switch {
	case changed:
	case s.Reload != "":
		p.add(Change{Kind: Reload, Subject: SubjectService, Name: name,
			Detail: "after " + strings.Join(after, ", ") + ": " + s.Reload})
	default:
		p.add(Change{Kind: Restart, Subject: SubjectService, Name: name,
			Detail: "with an interruption, after " + strings.Join(after, ", ") + ": it may remember its address"})
	}
}
