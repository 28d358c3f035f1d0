package buildkit

import (
	"context"
	"slices"

	"github.com/moby/buildkit/client"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/buildkit/util/apicaps"
	docker "github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner"
)

// capabilities are what a BuildKit says that it understands: in definitions of builds, and in its gateway.
type capabilities struct{ llb, gateway apicaps.CapSet }

// has tells whether the engine understands something, by its id in solver/pb or frontend/gateway/pb. The first call asks the
// engine; it may come from several goroutines.
func (c *connection) has(ctx context.Context, id apicaps.CapID) (bool, error) {
	known, err := c.known.get(func() (capabilities, error) { return c.capabilities(ctx) })
	if err != nil {
		return false, err
	}
	return known.llb.Supports(id) == nil || known.gateway.Supports(id) == nil, nil
}

// capabilities asks by a build of nothing, since an engine tells them to builds only.
func (c *connection) capabilities(ctx context.Context) (known capabilities, err error) {
	_, err = c.Build(ctx, client.SolveOpt{}, "", func(_ context.Context, g gateway.Client) (*gateway.Result, error) {
		o := g.BuildOpts()
		known = capabilities{o.LLBCaps, o.Caps}
		return gateway.NewResult(), nil
	}, nil)
	return known, err
}

// Describe asks the engine what it is and what it can do.
func (e *Engine) Describe(ctx context.Context) (runner.EngineInfo, error) {
	c, err := e.connect(ctx)
	if err != nil {
		return runner.EngineInfo{}, err
	}
	info := c.info
	info.Abilities, err = c.abilities(ctx)
	return info, err
}

// full tells whether all exporters of BuildKit are there: in a BuildKit of its own, and in a Docker engine that keeps its images
// where containerd does.
func (c *connection) full(ctx context.Context) (bool, error) {
	if !c.embedded {
		return true, nil
	}
	return c.store.get(func() (bool, error) {
		i, err := c.docker.Info(ctx, docker.InfoOptions{})
		return slices.Contains(i.Info.DriverStatus, [2]string{"driver-type", "io.containerd.snapshotter.v1"}), err
	})
}

// ability is what davit asks an engine for: capabilities that all have to be there, and maybe all exporters.
type ability struct {
	name    string
	caps    []apicaps.CapID
	full    bool
	instead string
}

var abilities = []ability{
	{"secrets as variables", []apicaps.CapID{pb.CapExecSecretEnv}, false, "a step that wants one is refused; it can read the secret from a file"},
	{"times of a commit", []apicaps.CapID{pb.CapSourceDateEpoch}, false, "davit sets them in the images that it assembles; those of Dockerfiles differ at each build"},
	{"images as OCI layouts", nil, true, "davit makes the layout from what the engine saves"},
	{"images of several platforms", nil, true, "an image has the platform of the engine"},
	{"provenance", []apicaps.CapID{pb.CapAttestations}, true, "images carry none"},
	{"bill of materials", []apicaps.CapID{pb.CapAttestations}, true, "images carry none"},
	{"annotations", []apicaps.CapID{pb.CapAnnotations}, true, "images have labels only"},
	{"several results of a build", []apicaps.CapID{pb.CapMultipleExporters}, false, "each one is exported by itself"},
	{"layers shared in a registry", nil, true, "layers are read from there, and never written"},
}

// abilities of the engine, and whether images have a store to go to.
func (c *connection) abilities(ctx context.Context) ([]runner.Ability, error) {
	stored := runner.Ability{Name: "a store of images", Has: c.loader(ctx) != nil, Instead: "images go into a folder (--output) or to a registry"}
	all := []runner.Ability{stored}
	for _, a := range abilities {
		has, err := c.able(ctx, a)
		if err != nil {
			return nil, err
		}
		all = append(all, runner.Ability{Name: a.name, Has: has, Instead: a.instead})
	}
	for i := range all {
		if all[i].Has {
			all[i].Instead = ""
		}
	}
	return all, nil
}

func (c *connection) able(ctx context.Context, a ability) (bool, error) {
	if a.full {
		if full, err := c.full(ctx); !full {
			return false, err
		}
	}
	for _, id := range a.caps {
		if has, err := c.has(ctx, id); !has {
			return false, err
		}
	}
	return true, nil
}
