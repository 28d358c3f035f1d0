package compose

import (
	"context"
	"fmt"
	"maps"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// A Model is a Compose project of one environment.
type Model struct {
	env    release.Environment
	source *source
	// real has the values of secrets, and masked has marks in their place. Otherwise they are the same.
	real, masked *types.Project
	// names are the variables that are secrets.
	names []string
	// contents are those of configs and secrets in use, by "configs/x" or "secrets/x".
	contents map[string]content
	// known are the values of secrets that are hidden wherever they are.
	known  []named
	images map[string]release.Image
	unset  []string
}

// model loads the files and whatever they name.
func (s *source) model(ctx context.Context) (*Model, error) {
	real, err := s.load(ctx, nil)
	if err != nil {
		return nil, err
	}
	m := &Model{env: s.env, source: s, real: real, masked: real, unset: append(s.unsetVariables(), s.unsetInFiles(real)...)}
	if err := s.refuseUnset(real); err != nil {
		return nil, err
	}
	if m.names = s.secretNames(real); len(m.names) > 0 {
		if m.masked, err = s.load(ctx, m.names); err != nil {
			return nil, s.maskError(m.names)
		}
	}
	if err := s.scale(m); err != nil {
		return nil, err
	}
	if err := s.refuse(real); err != nil {
		return nil, err
	}
	if err := s.refuseLocalMounts(ctx, real); err != nil {
		return nil, err
	}
	if m.contents, err = s.contents(m); err != nil {
		return nil, err
	}
	m.known = m.knownValues()
	for name := range m.real.Configs {
		c := m.contents["configs/"+name]
		m.contents["configs/"+name] = content{c.real, m.hideConfig(name, c.masked)}
	}
	m.teach()
	return m, m.hideProject()
}

// scale sets the numbers of containers that the environment has for services.
func (s *source) scale(m *Model) error {
	for _, name := range sorted(s.env.Replicas) {
		if _, known := m.real.Services[name]; !known {
			return &FileError{
				Reason: fmt.Sprintf("replicas: there is no service %q in environment %q", name, s.env.Name),
				Next:   "services are " + list(m.real.ServiceNames()),
			}
		}
		setScale(m.real, name, s.env.Replicas[name])
		setScale(m.masked, name, s.env.Replicas[name])
	}
	if _, known := m.real.Services[s.env.Down]; known {
		setScale(m.real, s.env.Down, 0)
		setScale(m.masked, s.env.Down, 0)
	}
	for _, name := range sorted(s.env.Reload) {
		if _, known := m.real.Services[name]; !known && !s.fromRelease {
			return &FileError{
				Reason: fmt.Sprintf("reload: there is no service %q in environment %q", name, s.env.Name),
				Next:   "services are " + list(m.real.ServiceNames()),
			}
		}
	}
	for _, name := range m.real.ServiceNames() {
		if service := m.real.Services[name]; service.ContainerName != "" && service.GetScale() > 1 {
			return s.errorAt(
				"services."+name+".container_name",
				"its container has a fixed name, so there is only one of it",
				"leave out container_name, or set replicas of "+name+" to 1")
		}
	}
	return nil
}

func setScale(p *types.Project, name string, n int) {
	service := p.Services[name]
	service.SetScale(n)
	p.Services[name] = service
}

// Pin sets the image of every service, by digest, so that it is the same wherever it runs, and nothing is
// built or pulled.
func (m *Model) Pin(images map[string]release.Image) (*Model, error) {
	pinned := *m
	pinned.images = images
	var err error
	if pinned.real, err = pin(m.real, images); err != nil {
		return nil, err
	}
	pinned.masked, err = pin(m.masked, images)
	return &pinned, err
}

func pin(p *types.Project, images map[string]release.Image) (*types.Project, error) {
	return p.WithServicesTransform(func(name string, s types.ServiceConfig) (types.ServiceConfig, error) {
		image, known := images[name]
		if !known || image.Digest == "" {
			return s, &FileError{
				Reason: fmt.Sprintf("service %q has no image yet", name),
				Next:   "deploy builds or pulls it: davit deploy",
			}
		}
		s.Image, s.Build = image.Digest, nil
		return s, nil
	})
}

// Images returns the images that the model was pinned to.
func (m *Model) Images() map[string]release.Image { return maps.Clone(m.images) }

// Services returns the names of the services, sorted.
func (m *Model) Services() []string { return m.real.ServiceNames() }
