package model

import "github.com/compose-spec/compose-go/v2/types"

// freed is a project in which the port 0 is none: either way the engine chooses.
func freed(p *types.Project) *types.Project {
	for _, s := range p.Services {
		for i := range s.Ports {
			if s.Ports[i].Published == "0" {
				s.Ports[i].Published = ""
			}
		}
	}
	return p
}
