package compose

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// withoutPortZero removes the published port 0: either way the engine chooses.
func withoutPortZero(p *types.Project) *types.Project {
	for _, s := range p.Services {
		for i := range s.Ports {
			if s.Ports[i].Published == "0" {
				s.Ports[i].Published = ""
			}
		}
	}
	return p
}

// ReassignPort leaves a port of a service to the engine's choice. field and text are those of the canonical
// form, "ports.80/tcp" and "8080".
func (m *Model) ReassignPort(service, field, text string) {
	reassignPort(m.real, service, field, text)
	reassignPort(m.masked, service, field, text)
}

func reassignPort(p *types.Project, name, field, text string) {
	s := p.Services[name]
	s.Ports = slices.Clone(s.Ports)
	for i, port := range s.Ports {
		if at, published := portField(port); at == field && published == text {
			s.Ports[i].Published = ""
		}
	}
	p.Services[name] = s
}

// portField returns a port as the canonical form has it.
func portField(p types.ServicePortConfig) (field, text string) {
	field = fmt.Sprintf("%s%d/%s", release.PortPrefix, p.Target, cmp.Or(p.Protocol, "tcp"))
	return field, release.PublishedAt(p.HostIP, p.Published)
}
