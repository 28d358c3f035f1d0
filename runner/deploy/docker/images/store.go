package images

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// Local begins the names of all images that davit keeps on an engine. No registry has them.
const Local = "davit.local/"

// A Store is the image store of an engine.
type Store struct {
	Engine client.APIClient
	// Env is the caller's environment, "NAME=value": it says where the credentials for registries are.
	Env []string
	// Offline forbids asking registries.
	Offline bool
	// architecture returns that of the engine.
	architecture func(context.Context) (string, error)
}

// New returns the image store of an engine. It asks the engine nothing yet.
func New(engine client.APIClient, env []string) Store {
	return Store{Engine: engine, Env: env, architecture: architectureOf(engine)}
}

// architectureOf asks an engine for its architecture, until it has answered once.
func architectureOf(engine client.APIClient) func(context.Context) (string, error) {
	var mu sync.Mutex
	var known string
	return func(ctx context.Context) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if known != "" {
			return known, nil
		}
		version, err := engine.ServerVersion(ctx, client.ServerVersionOptions{})
		known = version.Arch
		return known, err
	}
}

// Image returns an image that the engine has, by its name or id; nil where it has none.
func (s Store) Image(ctx context.Context, name string) (*release.Image, error) {
	found, err := s.Engine.ImageInspect(ctx, name)
	if errdefs.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	i := identify(name, found.ID, found.RepoDigests)
	if c := found.Config; c != nil {
		i.Health = c.Healthcheck != nil && len(c.Healthcheck.Test) > 0 && c.Healthcheck.Test[0] != "NONE"
		i.Volumes = slices.Sorted(maps.Keys(c.Volumes))
	}
	return i, nil
}

// identify returns an image by the digest of its manifest, where a registry has given one, and else by its
// id.
func identify(name, id string, digests []string) *release.Image {
	i := &release.Image{Digest: id, Name: name}
	if digest := repoDigest(name, digests); digest != "" {
		i.Digest, i.Source = digest, release.SourceOf(name, digest)
	}
	if i.Digest != id {
		i.Local = id
	}
	return i
}

// Find returns an image of a release as the engine knows it: by its digest, its reference in a registry or, where
// the engine knows neither of them, the local name that it had.
func (s Store) Find(ctx context.Context, i release.Image) (*release.Image, error) {
	for _, ref := range []string{i.Digest, i.Source, i.Local} {
		if ref == "" {
			continue
		}
		found, err := s.Image(ctx, ref)
		if err != nil {
			return nil, err
		}
		if found != nil {
			id := found.Ref()
			if i.Local = ""; id != i.Digest {
				i.Local = id
			}
			return &i, nil
		}
	}
	return nil, nil
}

// repoDigest returns the digest under which a registry knows an image: that of the repository which the
// reference names.
func repoDigest(ref string, digests []string) string {
	if _, digest, pinned := strings.Cut(ref, "@"); pinned {
		return digest
	}
	for _, d := range digests {
		if repository, digest, ok := strings.Cut(d, "@"); ok &&
			(ref == repository || strings.HasPrefix(ref, repository+":")) {
			return digest
		}
	}
	return ""
}

// Has reports whether the engine has an image.
func (s Store) Has(ctx context.Context, id string) (bool, error) {
	_, err := s.Engine.ImageInspect(ctx, id)
	if errdefs.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// Tag gives an image one more name.
func (s Store) Tag(ctx context.Context, id, name string) error {
	_, err := s.Engine.ImageTag(ctx, client.ImageTagOptions{Source: id, Target: name})
	return err
}

// Untag removes a name, and the image if it has no other name and no container uses it. A name that is gone
// already is no error.
func (s Store) Untag(ctx context.Context, name string) error {
	_, err := s.Engine.ImageRemove(ctx, name, client.ImageRemoveOptions{PruneChildren: true})
	if errdefs.IsNotFound(err) || errdefs.IsConflict(err) {
		return nil
	}
	return err
}
