package deploy

import (
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// verifyNetworks refuses a plan that removes or replaces a network on which containers of others run. No engine does that,
// and the services would be down by the time it says so.
func (o *operation) verifyNetworks(p release.Plan, live release.Observed) error {
	c, guests := p.Held(live.Guests)
	if len(guests) == 0 {
		return nil
	}
	name := release.ResourceName(live.Model.Project, c.Name, o.applied().Networks[c.Name])
	return deploy.Held(o.Name, c.Kind, name, guests)
}
