package docker

import (
	"context"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// ReassignPorts is a release in which the engine chooses the ports that others have.
func (b *Backend) ReassignPorts(ctx context.Context, r release.Release, taken []release.Conflict) (release.Release, error) {
	m, err := b.parse(ctx, r)
	if err != nil {
		return r, err
	}
	for _, c := range taken {
		m.ReassignPort(c.Service, c.Field, c.Wants)
	}
	if r.Compose, err = m.Compose(); err != nil {
		return r, err
	}
	fresh := m.Canonical(b.Key)
	for name, s := range fresh.Services {
		s.SelfModified = r.Model.Services[name].SelfModified
		fresh.Services[name] = s
	}
	r.Model = fresh
	return r, nil
}
