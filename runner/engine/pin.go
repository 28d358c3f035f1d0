package engine

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/moby/buildkit/session"
	"github.com/moby/buildkit/solver/pb"
	docker "github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"
)

// A resolver returns the digest of one image.
type resolver func(ctx context.Context, image reference.Named) (digest string, err error)

// Pin resolves references to digests, several at once. A digest in a reference is returned as it is.
func (c *Connection) Pin(ctx context.Context, refs []string) (map[string]string, error) {
	images, err := parseImages(refs)
	if err != nil {
		return nil, err
	}
	if c.Embedded {
		return pinAll(ctx, images, c.dockerDigest)
	}
	return c.gatewayPins(ctx, images)
}

// gatewayPins resolves images in an empty build.
func (c *Connection) gatewayPins(
	ctx context.Context, images map[string]reference.Named,
) (digests map[string]string, err error) {
	var failed error
	o := client.SolveOpt{Session: []session.Attachable{c.RegistryAuth()}}
	_, err = c.Build(ctx, o, "", func(ctx context.Context, g gateway.Client) (*gateway.Result, error) {
		digests, failed = pinAll(ctx, images, gatewayDigest(g))
		return gateway.NewResult(), nil
	}, nil)
	return digests, errors.Join(failed, err)
}

func parseImages(refs []string) (map[string]reference.Named, error) {
	images := map[string]reference.Named{}
	for _, ref := range refs {
		named, err := reference.ParseNormalizedNamed(ref)
		if err != nil {
			return nil, &imageError{image: ref, reason: err.Error()}
		}
		images[ref] = reference.TagNameOnly(named)
	}
	return images, nil
}

// maxConcurrent is how many images are resolved at once; registries throttle clients that send more requests.
const maxConcurrent = 8

// pinAll resolves all images, and returns an error for each that cannot be resolved.
func pinAll(
	ctx context.Context, images map[string]reference.Named, resolve resolver,
) (map[string]string, error) {
	refs := slices.Sorted(maps.Keys(images))
	digests, failed := make([]string, len(refs)), make([]error, len(refs))
	var g errgroup.Group
	g.SetLimit(maxConcurrent)
	for i, ref := range refs {
		g.Go(func() error {
			digests[i], failed[i] = resolveDigest(ctx, ref, images[ref], resolve)
			return nil
		})
	}
	_ = g.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	all := map[string]string{}
	for i, ref := range refs {
		if failed[i] == nil {
			all[ref] = digests[i]
		}
	}
	return all, errors.Join(failed...)
}

// resolveDigest returns the digest in the reference, or else the current one of its tag.
func resolveDigest(ctx context.Context, ref string, image reference.Named, resolve resolver) (string, error) {
	if d, ok := image.(reference.Digested); ok {
		return d.Digest().String(), nil
	}
	digest, err := resolve(ctx, image)
	if err != nil {
		return "", newImageError(ref, reference.Domain(image), err)
	}
	return digest, nil
}

// gatewayDigest returns a resolver that asks a BuildKit, which asks the registry even if it has the image.
func gatewayDigest(g gateway.Client) resolver {
	return func(ctx context.Context, image reference.Named) (string, error) {
		source := &pb.SourceOp{Identifier: "docker-image://" + image.String()}
		o := sourceresolver.Opt{ImageOpt: &sourceresolver.ResolveImageOpt{ResolveMode: llb.ResolveModeForcePull.String()}}
		m, err := g.ResolveSourceMetadata(ctx, source, o)
		if err != nil {
			return "", err
		}
		if m.Image == nil || m.Image.Digest == "" {
			return "", errors.New("the engine returned no digest")
		}
		return m.Image.Digest.String(), nil
	}
}

// dockerDigest asks the registry through a Docker engine, whose BuildKit returns no digests. Without an
// answer of the registry, the engine may know the digest from an earlier pull.
func (c *Connection) dockerDigest(ctx context.Context, image reference.Named) (string, error) {
	auth, err := c.encodedAuth(image)
	if err != nil {
		return "", err
	}
	found, err := c.Docker.DistributionInspect(ctx, image.String(),
		docker.DistributionInspectOptions{EncodedRegistryAuth: auth})
	if err == nil {
		return found.Descriptor.Digest.String(), nil
	}
	local, missing := c.Docker.ImageInspect(ctx, image.String())
	if missing != nil {
		return "", err
	}
	for _, known := range local.RepoDigests {
		named, bad := reference.ParseNormalizedNamed(known)
		if d, ok := named.(reference.Digested); bad == nil && ok && named.Name() == image.Name() {
			return d.Digest().String(), nil
		}
	}
	return "", err
}
