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
		return "", refuse("", "%q is not the name of an image", ref)
	}
	if _, is := named.(reference.Digested); is {
		return ref, nil
	}
	if d, ok := p.find(named); ok {
		pinned, err := reference.WithDigest(reference.TagNameOnly(named), digest.Digest(d))
		if err != nil {
			return "", refuse("davit lock", "project.lock has %q for %q, which is not a digest", d, ref)
		}
		return pinned.String(), nil
	}
	if p.locked {
		return "", unpinned(ref)
	}
	return ref, nil
}

func unpinned(ref string) error {
	return refuse("davit lock", "project.lock has no digest for the image %q", ref)
}

// find looks up an image by each way to write its name.
func (p pins) find(named reference.Named) (string, bool) {
	tagged := reference.TagNameOnly(named)
	for _, name := range []string{named.String(), tagged.String(), reference.FamiliarString(named), reference.FamiliarString(tagged)} {
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

	mu      sync.Mutex
	sources []string
}

// ResolveImageConfig resolves the image at the pinned digest.
func (d *checkedClient) ResolveImageConfig(ctx context.Context, ref string, opt sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	pinned, err := d.pins.pinned(ref)
	if err != nil {
		return "", "", nil, err
	}
	return d.Client.ResolveImageConfig(ctx, pinned, opt)
}

// Solve checks the request before the engine gets it.
func (d *checkedClient) Solve(ctx context.Context, req gateway.SolveRequest) (*gateway.Result, error) {
	if req.Definition != nil {
		if err := d.limits.check(req.Definition); err != nil {
			return nil, err
		}
		d.remember(req.Definition)
	}
	if source := req.FrontendOpt["source"]; source != "" {
		pinned, err := d.pins.pinned(source)
		if err != nil {
			return nil, err
		}
		req.FrontendOpt["source"] = pinned
	}
	return d.Client.Solve(ctx, req)
}

func (d *checkedClient) remember(def *pb.Definition) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sources = append(d.sources, materials(def)...)
}

// materials returns the sources of the image outside of the project.
func (d *checkedClient) materials() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.sources)
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
