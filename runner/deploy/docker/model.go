package docker

import (
	"context"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Render loads the Compose files. Nothing is asked of the engine.
func (t *Target) Render(ctx context.Context) (*deploy.Rendered, error) {
	m, err := t.load(ctx)
	if err != nil {
		return nil, err
	}
	return &deploy.Rendered{Builds: m.Builds(), Pulls: m.Pulls(), AlwaysPull: m.AlwaysPull(), Ignored: m.Ignored(t.engine.ClientVersion()), SharedResources: m.SharedResources()}, nil
}

func (t *Target) load(ctx context.Context) (*compose.Model, error) {
	m, err := compose.Load(ctx, t.Environment, t.Env, t.Secrets)
	if err != nil {
		return nil, err
	}
	return m, m.Fits(t.engine.ClientVersion())
}

// Desired is the canonical model with these images, by service, and the Compose model that a release keeps.
func (t *Target) Desired(ctx context.Context, images map[string]release.Image) (release.Model, []byte, error) {
	m, err := t.load(ctx)
	if err != nil {
		return release.Model{}, nil, err
	}
	if m, err = m.Pin(images); err != nil {
		return release.Model{}, nil, err
	}
	if t.Environment.Ephemeral != nil {
		if m, err = t.publish(ctx, m); err != nil {
			return release.Model{}, nil, err
		}
	}
	text, err := m.Compose()
	return m.Canonical(t.Key), text, err
}

func (t *Target) parse(ctx context.Context, r release.Release) (*compose.Model, error) {
	return compose.Parse(ctx, r, t.Environment, t.Env, t.Secrets)
}
