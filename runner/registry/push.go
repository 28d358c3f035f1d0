package registry

import (
	"context"
	"fmt"
	"os"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content/oci"
	"oras.land/oras-go/v2/registry/remote"
)

// Push is an image on its way to a registry.
type Push struct {
	// Layout is the folder of an OCI layout that holds the image.
	Layout string
	// Digest of the image: "sha256:…".
	Digest string
	// Repository that it goes to: "registry.example.com/team/shop".
	Repository string
	// Tags that it gets there.
	Tags []string
	// DockerConfig is the folder of the docker command's configuration, which names the credentials.
	DockerConfig string
	// Say is told what happens, a line at a time; it may be called by several goroutines at once.
	Say func(line string)
}

// Do pushes the image, and returns when all of it and its tags are there.
func (p Push) Do(ctx context.Context) error {
	repo, err := openRepository(p.Repository, p.DockerConfig)
	if err != nil {
		return err
	}
	store, err := oci.NewFromFS(ctx, os.DirFS(p.Layout))
	if err != nil {
		return fmt.Errorf("the image is not in %q any more: %w", p.Layout, err)
	}
	root, err := store.Resolve(ctx, p.Digest)
	if err != nil {
		return fmt.Errorf("the image %s is not in %q any more", p.Digest, p.Layout)
	}
	err = retry(ctx, p.Say, func() error { return p.try(ctx, store, repo, root) })
	return explain(err, "take", repo.Reference)
}

// try sends what the registry lacks. What an earlier try sent is found there and is not sent again.
func (p Push) try(ctx context.Context, store *oci.ReadOnlyStore, repo *remote.Repository, root ocispecs.Descriptor) error {
	if err := oras.CopyGraph(ctx, store, repo, root, oras.CopyGraphOptions{PostCopy: p.sent, OnCopySkipped: p.skipped}); err != nil {
		return err
	}
	for _, tag := range p.Tags {
		if err := repo.Tag(ctx, root, tag); err != nil {
			return err
		}
		p.Say(fmt.Sprintf("tagged %s:%s", p.Repository, tag))
	}
	return nil
}

func (p Push) sent(_ context.Context, d ocispecs.Descriptor) error {
	p.Say(fmt.Sprintf("pushed %s (%s)", short(d), size(d.Size)))
	return nil
}

func (p Push) skipped(_ context.Context, d ocispecs.Descriptor) error {
	p.Say(fmt.Sprintf("%s is there already", short(d)))
	return nil
}

// short is enough of a digest for a reader.
func short(d ocispecs.Descriptor) string {
	hex := d.Digest.Encoded()
	return d.Digest.Algorithm().String() + ":" + hex[:min(12, len(hex))]
}

// size is a number of bytes for a reader.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
