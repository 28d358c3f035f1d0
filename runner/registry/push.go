package registry

import (
	"context"
	"fmt"
	"os"
	"slices"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content/oci"
	"oras.land/oras-go/v2/registry/remote"

	"github.com/davit-dev/davit/internal/trust"
)

// A Push is an image to be pushed to a registry.
type Push struct {
	// Layout is the folder of the OCI layout with the image.
	Layout string
	// Digest is the digest of the image: "sha256:…".
	Digest string
	// Repository is the target: "registry.example.com/team/shop".
	Repository string
	// Tags are the tags to set.
	Tags []string
	// Signer signs the image before it gets its tags; nil does not.
	Signer trust.Signer
	// DockerConfig is the folder of docker's configuration, which names the credentials.
	DockerConfig string
	// Say receives the progress, a line at a time; several goroutines may call it at once.
	Say func(line string)
}

// Do pushes the image and its tags.
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
	return wrapError(err, "accept", repo.Reference)
}

// try sends what the registry lacks. What an earlier try sent is not sent again.
func (p Push) try(
	ctx context.Context, store *oci.ReadOnlyStore, repo *remote.Repository, root ocispecs.Descriptor,
) error {
	if err := oras.CopyGraph(ctx, store, repo, root,
		oras.CopyGraphOptions{PostCopy: p.sent, OnCopySkipped: p.skipped}); err != nil {
		return err
	}
	if p.Signer != nil {
		if err := p.sign(ctx, repo); err != nil {
			return err
		}
	}
	for _, tag := range p.Tags {
		if err := repo.Tag(ctx, root, tag); err != nil {
			return err
		}
		p.Say(fmt.Sprintf("tagged %s:%s", p.Repository, tag))
	}
	return nil
}

// sign adds a signature of the image to those that it has, unless there is one by that key.
func (p Push) sign(ctx context.Context, repo *remote.Repository) error {
	there, err := imageSignatures(ctx, remoteReader{repo}, p.Digest)
	if err != nil {
		return err
	}
	by := "the key " + p.Signer.Key().Short()
	if slices.ContainsFunc(there, func(s trust.Signature) bool { return p.Signer.Verify(s) == nil }) {
		p.Say("signed by " + by + " already")
		return nil
	}
	payload, err := trust.NewImagePayload(p.Repository, p.Digest)
	if err != nil {
		return err
	}
	s, err := p.Signer.Sign(payload)
	if err == nil {
		err = pushSignature(ctx, remoteReader{repo}, repo, p.Digest, s)
	}
	if err == nil {
		p.Say("signed by " + by)
	}
	return err
}

func (p Push) sent(_ context.Context, d ocispecs.Descriptor) error {
	p.Say(fmt.Sprintf("pushed %s (%s)", short(d), size(d.Size)))
	return nil
}

func (p Push) skipped(_ context.Context, d ocispecs.Descriptor) error {
	p.Say(fmt.Sprintf("%s is there already", short(d)))
	return nil
}

// short returns the beginning of a digest for messages.
func short(d ocispecs.Descriptor) string {
	hex := d.Digest.Encoded()
	return d.Digest.Algorithm().String() + ":" + hex[:min(12, len(hex))]
}

// size returns a number of bytes for messages.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
