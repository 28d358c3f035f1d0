package docker

import (
	"context"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// renderer returns what turns Compose files and releases into models for this engine.
func (b *Backend) renderer() compose.Renderer {
	return compose.Renderer{
		Environment: b.Environment, Env: b.Env, Secrets: b.Secrets, Keys: b.keys, API: b.engine.ClientVersion(),
		Publish: b.publish, Values: b.values, Containers: b.live,
	}
}

// Render loads the Compose files. Nothing is asked of the engine.
func (b *Backend) Render(ctx context.Context) (*deploy.Rendered, error) {
	return b.renderer().Render(ctx)
}

func (b *Backend) load(ctx context.Context) (*compose.Model, error) { return b.renderer().Load(ctx) }

// Desired returns what a release with these images, by service, would be.
func (b *Backend) Desired(ctx context.Context, images map[string]release.Image) (deploy.Desired, error) {
	return b.renderer().Desired(ctx, images)
}

// DeriveModel returns the canonical model that the Compose text of a release means.
func (b *Backend) DeriveModel(ctx context.Context, r release.Release) (release.Model, error) {
	return b.renderer().DeriveModel(ctx, r)
}

// WithCurrentSecrets returns a release with the caller's values of the secrets that are declared.
func (b *Backend) WithCurrentSecrets(
	ctx context.Context, r release.Release,
) (updated release.Release, sentences []string, err error) {
	return b.renderer().WithCurrentSecrets(ctx, r)
}

// Access returns what the services of a release take from the machine.
func (b *Backend) Access(ctx context.Context, r release.Release) ([]release.Access, error) {
	return b.renderer().Access(ctx, r)
}

// CheckRelease returns why a release cannot be applied, or why no containers equal to its own can be made for
// some services.
func (b *Backend) CheckRelease(ctx context.Context, r release.Release, services []string) error {
	return b.renderer().CheckRelease(ctx, r, services)
}

// ReassignPorts returns a release in which the engine chooses the ports that others hold.
func (b *Backend) ReassignPorts(
	ctx context.Context, r release.Release, taken []release.Conflict,
) (release.Release, error) {
	return b.renderer().ReassignPorts(ctx, r, taken)
}

func (b *Backend) parse(ctx context.Context, r release.Release) (*compose.Model, error) {
	return b.renderer().Parse(ctx, r)
}
