package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// environments returns the environments of a project. The request says how images are built and verify
// targets are run.
func (c *call) environments(p *app.Project, r app.Request) *deploy.Environments {
	b := projectBuilder{c, p, r}
	o := deploy.Options{
		Config: p.Config, Stages: p.Stages(), Name: p.Name, Dir: p.Root.Dir, Environ: c.Environ,
		Offline: c.options.Offline,
		Builder: b, Verifier: b, Now: c.Streams.Now, Trace: c.trace(), Warn: c.Streams.Warning,
		Hide: c.hide, Masked: c.mask.Text, Trust: p.Trust,
	}
	if rules, err := p.Trust(); c.Published != nil && (err != nil || len(rules.Named()) > 0) {
		o.SignedImage = c.signedImage // which returns the error
	}
	if c.Process.Signatures != nil {
		o.Signatures = c.signatures()
	}
	if c.Backends != nil {
		o.Open = func(ctx context.Context, e release.Environment) (backend.Backend, error) {
			return c.Backends(ctx, c.dockerRequest(e), e, p.SecretVariables())
		}
	}
	return deploy.New(o)
}

// openServices opens Compose services for a run.
func (c *call) openServices(
	ctx context.Context, p *app.Project, r app.ServicesRequest,
) (app.Services, error) {
	return c.environments(p, r.Run).OpenServices(ctx, r.Names, r.FromContainers)
}

// dockerRequest returns the request for the Docker engine of an environment. --engine takes precedence over
// project.toml. BUILDKIT_HOST is removed, since a standalone BuildKit runs no containers.
func (c *call) dockerRequest(e release.Environment) runner.EngineRequest {
	r := c.engineRequest()
	if r.Address == "" && e.Engine != "" {
		r.Address, r.From = e.Engine, project.File
	}
	r.Env = slices.DeleteFunc(slices.Clone(r.Env), func(pair string) bool {
		return strings.HasPrefix(pair, "BUILDKIT_HOST=")
	})
	return r
}

// A projectBuilder gives environments what they need of a project. It is a deploy.Builder and a
// deploy.Verifier.
type projectBuilder struct {
	c       *call
	p       *app.Project
	request app.Request
}

// Build builds images of Compose services on the engine of an environment.
func (b projectBuilder) Build(
	ctx context.Context, e release.Environment, builds map[string]release.Build, emit func(ui.Event),
) (map[string]string, error) {
	return b.p.BuildImages(ctx, b.c.Engine(b.c.dockerRequest(e)), e.Project, builds, b.request, emit)
}

// Package builds the image of the project on the engine of an environment.
func (b projectBuilder) Package(
	ctx context.Context, e release.Environment, emit func(ui.Event),
) (string, error) {
	return b.p.PackageImage(ctx, b.c.Engine(b.c.dockerRequest(e)), b.request, emit)
}

// Packaged returns the ports of the image that the project packages, and whether it packages one.
func (b projectBuilder) Packaged() ([]string, bool) { return b.p.PackagedPorts() }

// Commit returns the commit of the project.
func (b projectBuilder) Commit(ctx context.Context) (tree.Commit, error) { return b.p.Commit(ctx) }

// Lacks reports whether a commit of the project does not contain an earlier one.
func (b projectBuilder) Lacks(ctx context.Context, commit, earlier string) bool {
	return b.p.Tree.Lacks(ctx, commit, earlier)
}

// Has reports whether the repository of the project has a commit.
func (b projectBuilder) Has(ctx context.Context, commit string) bool {
	return b.p.Tree.Has(ctx, commit)
}

// IsOf reports whether a release of a commit, deployed from a folder, is of the project.
func (b projectBuilder) IsOf(ctx context.Context, commit, folder string) bool {
	return b.p.Tree.IsOf(ctx, commit, folder)
}

// CheckTargets returns an error if the project does not offer one of the targets.
func (b projectBuilder) CheckTargets(targets []string) error { return b.p.CheckTargets(targets) }

// Verify runs targets with further variables.
func (b projectBuilder) Verify(ctx context.Context, targets, env []string, emit func(ui.Event)) error {
	return b.p.VerifyTargets(ctx, targets, env, b.request, emit)
}
