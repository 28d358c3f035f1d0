package docker

import (
	"context"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// renderer returns what turns Compose files and releases into models for this engine.
func (t *Target) renderer() compose.Renderer {
	return compose.Renderer{
		Environment: t.Environment, Env: t.Env, Secrets: t.Secrets, Key: t.Key, API: t.engine.ClientVersion(), Publish: t.publish,
	}
}

// Render loads the Compose files. Nothing is asked of the engine.
func (t *Target) Render(ctx context.Context) (*deploy.Rendered, error) { return t.renderer().Render(ctx) }

func (t *Target) load(ctx context.Context) (*compose.Model, error) { return t.renderer().Load(ctx) }

// Desired returns the canonical model with these images, by service, and the Compose model that a release keeps.
func (t *Target) Desired(ctx context.Context, images map[string]release.Image) (release.Model, []byte, error) {
	return t.renderer().Desired(ctx, images)
}

// CheckRelease returns why a release cannot be applied, or why no containers equal to its own can be made for some services.
func (t *Target) CheckRelease(ctx context.Context, r release.Release, services []string) error {
	return t.renderer().CheckRelease(ctx, r, services)
}

// ReassignPorts returns a release in which the engine chooses the ports that others hold.
func (t *Target) ReassignPorts(ctx context.Context, r release.Release, taken []release.Conflict) (release.Release, error) {
	return t.renderer().ReassignPorts(ctx, r, taken)
}

func (t *Target) parse(ctx context.Context, r release.Release) (*compose.Model, error) {
	return t.renderer().Parse(ctx, r)
}
