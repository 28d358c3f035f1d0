package buildkit

import (
	"context"
	"slices"
	"sync"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/moby/buildkit/solver/pb"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/internal/fault"
)

// pins are the digests of images by reference.
type pins struct {
	digests map[string]string
	locked  bool
}

// pinned returns a reference with its digest, where that is known. A reference that has a digest stays as it
// is.
func (p pins) pinned(ref string) (string, error) {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return "", fault.Preconditionf("", "%q is not the name of an image", ref)
	}
	if _, is := named.(reference.Digested); is {
		return ref, nil
	}
	if d, ok := p.find(named); ok {
		pinned, err := reference.WithDigest(reference.TagNameOnly(named), digest.Digest(d))
		if err != nil {
			return "", fault.Preconditionf("davit lock", "project.lock has %q for %q, which is not a digest",
				d, ref)
		}
		return pinned.String(), nil
	}
	if p.locked {
		return "", unpinned(ref)
	}
	return ref, nil
}

func unpinned(ref string) error {
	return fault.Preconditionf("davit lock", "project.lock has no digest for the image %q", ref)
}

// find looks up an image by each way to write its name.
func (p pins) find(named reference.Named) (string, bool) {
	tagged := reference.TagNameOnly(named)
	for _, name := range []string{named.String(), tagged.String(), reference.FamiliarString(named),
		reference.FamiliarString(tagged)} {
		if d, ok := p.digests[name]; ok {
			return d, true
		}
	}
	return "", false
}

// A checkedClient is a gateway.Client for a frontend. It pins the images that the frontend asks for, refuses
// a definition that the engine could not finish, and records the sources of the image.
type checkedClient struct {
	gateway.Client
	pins   pins
	limits limits
	// checkOffline refuses an image that would be pulled although --offline was given.
	checkOffline func(ctx context.Context, ref string, p *ocispecs.Platform) error
	// signedImage is that of runner.ContainerOptions.
	signedImage func(ctx context.Context, ref string) (digest string, err error)

	mu      sync.Mutex
	sources []string
}

// ResolveImageConfig resolves the image at the pinned digest.
func (c *checkedClient) ResolveImageConfig(
	ctx context.Context, ref string, opt sourceresolver.Opt,
) (string, digest.Digest, []byte, error) {
	pinned, err := c.pins.pinned(ref)
	if err != nil {
		return "", "", nil, err
	}
	if pinned, err = c.signed(ctx, pinned); err != nil {
		return "", "", nil, err
	}
	if err := c.checkOffline(ctx, pinned, platformOfRequest(opt)); err != nil {
		return "", "", nil, err
	}
	return c.Client.ResolveImageConfig(ctx, pinned, opt)
}

// platformOfRequest returns the platform for which an image is asked for; nil for any.
func platformOfRequest(opt sourceresolver.Opt) *ocispecs.Platform {
	if opt.ImageOpt == nil {
		return nil
	}
	return opt.ImageOpt.Platform
}

// Solve checks the request before the engine gets it.
func (c *checkedClient) Solve(ctx context.Context, req gateway.SolveRequest) (*gateway.Result, error) {
	if req.Definition != nil {
		if err := c.limits.check(req.Definition); err != nil {
			return nil, err
		}
		c.remember(req.Definition)
	}
	if source := req.FrontendOpt["source"]; source != "" {
		pinned, err := c.pins.pinned(source)
		if err != nil {
			return nil, err
		}
		if err := c.checkOffline(ctx, pinned, nil); err != nil {
			return nil, err
		}
		req.FrontendOpt["source"] = pinned
	}
	return c.Client.Solve(ctx, req)
}

func (c *checkedClient) remember(def *pb.Definition) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sources = append(c.sources, materials(def)...)
}

// materials returns the sources of the image outside of the project.
func (c *checkedClient) materials() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.sources)
}

// withDigest returns a reference with a digest.
func withDigest(ref string, d digest.Digest) (string, error) {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return "", err
	}
	full, err := reference.WithDigest(named, d)
	if err != nil {
		return "", err
	}
	return full.String(), nil
}
