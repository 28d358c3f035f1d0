package docker

import (
	"context"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// Free is a release in which the engine chooses the ports that others have.
func (t *Target) Free(ctx context.Context, r release.Release, taken []release.Conflict) (release.Release, error) {
	m, err := t.parse(ctx, r)
	if err != nil {
		return r, err
	}
	for _, c := range taken {
		m.Free(c.Service, c.Field, c.Wants)
	}
	if r.Compose, err = m.Compose(); err != nil {
		return r, err
	}
	fresh := m.Canonical(t.Key)
	for name, s := range fresh.Services {
		s.Touched = r.Model.Services[name].Touched
		fresh.Services[name] = s
	}
	r.Model = fresh
	return r, nil
}
