package engine

import (
	"context"
	"slices"
	"strings"

	"github.com/moby/buildkit/client"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/buildkit/util/apicaps"
	docker "github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner"
)

// capabilities are the features that a BuildKit declares, for definitions of builds and for its gateway.
type capabilities struct{ llb, gateway apicaps.CapSet }

// Has reports whether the engine has a capability, by its id in solver/pb or frontend/gateway/pb. The first
// call asks the engine. It is safe for concurrent use.
func (c *Connection) Has(ctx context.Context, id apicaps.CapID) (bool, error) {
	known, err := c.caps.get(func() (capabilities, error) { return c.capabilities(ctx) })
	if err != nil {
		return false, err
	}
	return known.llb.Supports(id) == nil || known.gateway.Supports(id) == nil, nil
}

// capabilities runs an empty build, since an engine sends its capabilities to builds only.
func (c *Connection) capabilities(ctx context.Context) (known capabilities, err error) {
	_, err = c.Build(ctx, client.SolveOpt{}, "",
		func(_ context.Context, g gateway.Client) (*gateway.Result, error) {
			o := g.BuildOpts()
			known = capabilities{o.LLBCaps, o.Caps}
			return gateway.NewResult(), nil
		}, nil)
	return known, err
}

// Describe returns what the engine is and what it can do.
func (c *Connection) Describe(ctx context.Context) (info runner.EngineInfo, err error) {
	info = c.Info
	info.Abilities, err = c.abilities(ctx)
	return info, err
}

// An ability is a feature that davit uses.
type ability struct {
	name string
	// caps are the capabilities that it requires.
	caps []apicaps.CapID
	// needs is the grade of engine that it requires.
	needs grade
	// instead says what davit does without it.
	instead string
}

// A grade classes engines, from the least capable to the most.
type grade int

const (
	gradeAny     grade = iota
	gradeLayouts       // it sends images as OCI layouts
	gradeAlone         // it is a buildkitd
)

// The times of files came with the release that added several results of a build, and have no capability of
// their own.
var abilities = []ability{
	{"secrets as variables of Dockerfiles", []apicaps.CapID{pb.CapExecSecretEnv}, gradeAny,
		"a Dockerfile that wants one is refused; it can read the secret from a file"},
	{"times of the commit in images", []apicaps.CapID{pb.CapSourceDateEpoch, pb.CapMultipleExporters},
		gradeLayouts,
		"files that a Dockerfile makes have the time of their build"},
	{"images as OCI layouts", nil, gradeLayouts, "davit makes one of what the engine saves"},
	{"images of several platforms", nil, gradeLayouts, "more than one --platform is refused"},
	{"provenance in its store", nil, gradeLayouts,
		"an image has it once it is published, or written with --output"},
	{"bill of materials", []apicaps.CapID{pb.CapAttestations}, gradeLayouts,
		"an image that is to have one is refused"},
	{"layers for others in a registry", nil, gradeAlone, "layers are read from there, and never written"},
}

// abilities returns the abilities of the engine, and whether there is a store for images.
func (c *Connection) abilities(ctx context.Context) ([]runner.Ability, error) {
	is, err := c.grade(ctx)
	if err != nil {
		return nil, err
	}
	stored := ability{name: "a store of images",
		instead: "images go into a folder (--output) or to a registry"}
	all := []runner.Ability{stored.ability(c.Loader(ctx) != nil)}
	for _, a := range abilities {
		has, err := c.hasAll(ctx, a.caps)
		if err != nil {
			return nil, err
		}
		all = append(all, a.ability(has && is >= a.needs))
	}
	return all, nil
}

func (c *Connection) grade(ctx context.Context) (grade, error) {
	if !c.Embedded {
		return gradeAlone, nil
	}
	if has, err := c.ExportsLayouts(ctx); !has {
		return gradeAny, err
	}
	return gradeLayouts, nil
}

// ExportsLayouts reports whether the engine can send an image as an OCI layout. A Docker engine can if
// containerd stores its images.
func (c *Connection) ExportsLayouts(ctx context.Context) (bool, error) {
	if !c.Embedded {
		return true, nil
	}
	return c.layouts.get(func() (bool, error) {
		info, err := c.Docker.Info(ctx, docker.InfoOptions{})
		if err != nil {
			return false, err
		}
		return slices.ContainsFunc(info.Info.DriverStatus, func(s [2]string) bool {
			return s[0] == "driver-type" && strings.HasPrefix(s[1], "io.containerd.snapshotter")
		}), nil
	})
}

func (c *Connection) hasAll(ctx context.Context, caps []apicaps.CapID) (bool, error) {
	for _, id := range caps {
		if has, err := c.Has(ctx, id); !has {
			return false, err
		}
	}
	return true, nil
}

// ability returns the ability of an engine that has it or not.
func (a ability) ability(has bool) runner.Ability {
	if has {
		return runner.Ability{Name: a.name, Has: true}
	}
	return runner.Ability{Name: a.name, Instead: a.instead}
}
