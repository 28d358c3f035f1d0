package buildkit

import (
	"context"

	bk "github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerui"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// assemble returns the frontend for images without a Dockerfile.
func (r *Runner) assemble(s runner.Step) gateway.BuildFunc {
	return func(ctx context.Context, g gateway.Client) (*gateway.Result, error) {
		ui, err := dockerui.NewClient(g)
		if err != nil {
			return nil, err
		}
		built, err := ui.Build(ctx, func(ctx context.Context, p *ocispecs.Platform,
			_ int) (*dockerui.BuildResult, error) {
			a, err := r.newAssembly(ctx, g, s, *p)
			if err != nil {
				return nil, err
			}
			return a.build(ctx, g, r.cacheImports())
		})
		if err != nil {
			return nil, err
		}
		return built.Finalize()
	}
}

// newAssembly returns the assembly of an image for a platform.
func (r *Runner) newAssembly(
	ctx context.Context, g gateway.Client, s runner.Step, p ocispecs.Platform,
) (a assembly, err error) {
	caps := g.BuildOpts().LLBCaps
	a = assembly{image: *s.Plan.Image, platform: p, created: creationTime(r.o.Image.Commit), caps: &caps}
	for _, c := range a.image.Copy {
		from, err := r.copySource(ctx, s, c, &p)
		if err != nil {
			return a, err
		}
		a.from = append(a.from, from)
	}
	if a.image.Base == scratch {
		return a, nil
	}
	return a, a.resolve(ctx, g)
}

// copySource returns the folder that a copy is made from.
func (r *Runner) copySource(
	ctx context.Context, s runner.Step, c plan.Copy, p *ocispecs.Platform,
) (bk.State, error) {
	if c.Of == "" {
		return r.projectFolder(ctx, s, p)
	}
	if of := r.step(c.Of); of != nil && of.Where == runner.OnHost {
		return r.projectFolder(ctx, s, p)
	}
	return r.stepFolder(ctx, c.Of, p)
}

// resolve asks the engine for the digest and the configuration of the base.
func (a *assembly) resolve(ctx context.Context, g gateway.Client) error {
	ref, err := normalizeReference(a.image.Base)
	if err != nil {
		return err
	}
	ref, digest, config, err := g.ResolveImageConfig(ctx, ref, sourceresolver.Opt{
		LogName: "image " + a.image.Base,
		ImageOpt: &sourceresolver.ResolveImageOpt{Platform: &a.platform,
			ResolveMode: bk.ResolveModePreferLocal.String()},
	})
	if err != nil {
		return &imageUnavailableError{a.image.Base, err}
	}
	a.base, a.config = ref, config
	if digest != "" {
		a.base, err = withDigest(ref, digest)
	}
	return err
}

// build builds the image.
func (a assembly) build(
	ctx context.Context, g gateway.Client, imports []gateway.CacheOptionsEntry,
) (*dockerui.BuildResult, error) {
	image, base, err := a.imageConfig()
	if err != nil {
		return nil, err
	}
	def, err := a.state().Marshal(ctx, bk.Platform(a.platform), bk.WithCaps(*a.caps))
	if err != nil {
		return nil, err
	}
	result, err := g.Solve(ctx, gateway.SolveRequest{Definition: def.ToPB(), CacheImports: imports})
	if err != nil {
		return nil, err
	}
	ref, err := result.SingleRef()
	built := &dockerui.BuildResult{Reference: ref, Image: &image, Epoch: &a.created}
	if len(a.config) > 0 {
		built.BaseImage = &base
	}
	return built, err
}
