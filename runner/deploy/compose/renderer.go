package compose

import (
	"context"
	"maps"
	"slices"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A Renderer turns the Compose files of an environment, and its releases, into desired models. It is the
// deploy.Renderer of every backend.
type Renderer struct {
	Environment release.Environment
	// Env is the caller's environment, "NAME=value".
	Env []string
	// Secrets are variables of the Compose files with values that nobody is to see, by name. One with an empty
	// value is declared and not set.
	Secrets map[string]string
	// Keys are what values that come from secrets are hashed with; nil is for files that are only looked at.
	Keys Keys
	// API is the version of the API of the engine: an older one does not know everything that the files can
	// say. Empty knows all.
	API string
	// Publish has the services of an ephemeral environment published where tests reach them, once their
	// images are known.
	Publish func(context.Context, *Model) (*Model, error)
	// Values remember the values of secrets; nil remembers none beyond one call.
	Values *Values
	// Containers returns what the containers of the environment have; nil is nothing. A release takes values from
	// there that nothing else gives.
	Containers func(context.Context) ([]Container, error)
}

// Load reads the Compose files of the environment. Errors are *FileError, or a refusal where a secret is not set.
func (r Renderer) Load(ctx context.Context) (*Model, error) {
	s, err := newSource(r)
	if err != nil {
		return nil, err
	}
	if s.key, err = s.keys.Current(ctx); err != nil {
		return nil, err
	}
	m, err := s.model(ctx)
	if err != nil {
		return nil, err
	}
	return m, m.Fits(r.API)
}

// Parse loads the model that a release has kept. It needs no file of the project. Values of secrets are those of
// the caller, of the files or of containers, whichever the release was made with; without them it is refused. No other variable
// of the caller counts.
func (r Renderer) Parse(ctx context.Context, of release.Release) (*Model, error) {
	s, err := sourceOf(r, of)
	if err != nil {
		return nil, err
	}
	if err := s.resolve(ctx, of, findReferences(of.Compose)); err != nil {
		return nil, err
	}
	m, err := s.model(ctx)
	if err != nil {
		return nil, err
	}
	m.images = of.Images
	return m, nil
}

// Render loads the Compose files and returns which images they need.
func (r Renderer) Render(ctx context.Context) (*deploy.Rendered, error) {
	m, err := r.Load(ctx)
	if err != nil {
		return nil, err
	}
	return &deploy.Rendered{Builds: m.Builds(), Pulls: m.Pulls(), AlwaysPull: m.AlwaysPull(),
		Ignored: m.Ignored(r.API), Access: m.Access(), SharedResources: m.SharedResources()}, nil
}

// Desired returns what a release with these images, by service, would be.
func (r Renderer) Desired(ctx context.Context, images map[string]release.Image) (deploy.Desired, error) {
	m, err := r.Load(ctx)
	if err != nil {
		return deploy.Desired{}, err
	}
	if m, err = m.Pin(images); err != nil {
		return deploy.Desired{}, err
	}
	if r.Environment.Ephemeral != nil {
		if m, err = r.Publish(ctx, m); err != nil {
			return deploy.Desired{}, err
		}
	}
	text, err := m.Compose()
	return deploy.Desired{Model: m.Canonical(), Compose: text, Key: m.Key().ID}, err
}

// Access returns what the services of a release take from the machine, as the Compose text says that is applied.
func (r Renderer) Access(ctx context.Context, of release.Release) ([]release.Access, error) {
	m, err := r.Parse(ctx, of)
	if err != nil {
		return nil, err
	}
	return m.Access(), nil
}

// CheckRelease returns why no containers of a release can be made for some services: a secret is missing, or
// has another value now. They would differ from the release as much as the containers that they replace.
func (r Renderer) CheckRelease(ctx context.Context, of release.Release, services []string) error {
	m, err := r.Parse(ctx, of)
	if err != nil {
		return err
	}
	now := m.Canonical().Services
	for _, service := range services {
		was := of.Model.Services[service].Fields
		for _, path := range slices.Sorted(maps.Keys(was)) {
			if release.IsSecret(was[path]) && now[service].Fields[path] != was[path] {
				return fault.Preconditionf("give the secret that it was deployed with, or davit deploy "+
					r.Environment.Name+" brings another one",
					"service %q of release %d has another secret, or it is missing here: %s",
					service, of.Number, path)
			}
		}
	}
	return nil
}

// ReassignPorts returns a release in which the engine chooses the ports that others hold.
func (r Renderer) ReassignPorts(
	ctx context.Context, of release.Release, held []release.Conflict,
) (release.Release, error) {
	m, err := r.Parse(ctx, of)
	if err != nil {
		return of, err
	}
	for _, c := range held {
		m.ReassignPort(c.Service, c.Field, c.Wants)
	}
	if of.Compose, err = m.Compose(); err != nil {
		return of, err
	}
	return m.modelOf(of), nil
}

// modelOf returns a release with this model. The files that its containers modify themselves stay the same.
func (m *Model) modelOf(of release.Release) release.Release {
	fresh := m.Canonical()
	for name, s := range fresh.Services {
		s.SelfModified = of.Model.Services[name].SelfModified
		fresh.Services[name] = s
	}
	of.Model = fresh
	return of
}
