package docker

import (
	"context"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Render loads the Compose files. Nothing is asked of the engine.
func (b *Backend) Render(ctx context.Context) (*deploy.Rendered, error) {
	m, err := b.load(ctx)
	if err != nil {
		return nil, err
	}
	return &deploy.Rendered{Builds: m.Builds(), Pulls: m.Pulls(), AlwaysPull: m.AlwaysPull(), Ignored: m.Ignored(b.engine.ClientVersion()), SharedResources: m.SharedResources()}, nil
}

func (b *Backend) load(ctx context.Context) (*compose.Model, error) {
	m, err := compose.Load(ctx, b.Environment, b.Env, b.Secrets)
	if err != nil {
		return nil, err
	}
	return m, m.Fits(b.engine.ClientVersion())
}

// Desired is the canonical model with these images, by service, and the Compose model that a release keeps.
func (b *Backend) Desired(ctx context.Context, images map[string]release.Image) (release.Model, []byte, error) {
	m, err := b.load(ctx)
	if err != nil {
		return release.Model{}, nil, err
	}
	if m, err = m.Pin(images); err != nil {
		return release.Model{}, nil, err
	}
	if b.Environment.Ephemeral != nil {
		if m, err = b.publish(ctx, m); err != nil {
			return release.Model{}, nil, err
		}
	}
	text, err := m.Compose()
	return m.Canonical(b.Key), text, err
}

func (b *Backend) parse(ctx context.Context, r release.Release) (*compose.Model, error) {
	return compose.Parse(ctx, r, b.Environment, b.Env, b.Secrets)
}
