package registry

import (
	"context"
	"fmt"

	"github.com/distribution/reference"
	"oras.land/oras-go/v2/registry/remote"

	"github.com/davit-dev/davit/internal/trust"
)

// ImageName returns the full name of an image, with its tag or digest: docker.io/library/nginx:latest for nginx.
func (Modules) ImageName(ref string) (string, error) {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return "", fmt.Errorf("%q is not the name of an image", ref)
	}
	return reference.TagNameOnly(named).String(), nil
}

// ImageSignatures returns the digest of an image in its registry, and the signatures of that.
func (m Modules) ImageSignatures(ctx context.Context, ref string) (of string, all []trust.Signature, err error) {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return "", nil, fmt.Errorf("%q is not the name of an image", ref)
	}
	version := versionOf(reference.TagNameOnly(named))
	err = m.read(ctx, named.Name()+":", func(ctx context.Context, repo *remote.Repository, _ string) error {
		d, err := repo.Resolve(ctx, version)
		if err != nil {
			return err
		}
		of = d.Digest.String()
		all, err = imageSignatures(ctx, remoteReader{repo}, of)
		return err
	})
	return of, all, err
}

// versionOf returns the digest of a reference, or else its tag.
func versionOf(named reference.Named) string {
	if digested, is := named.(reference.Digested); is {
		return digested.Digest().String()
	}
	if tagged, is := named.(reference.Tagged); is {
		return tagged.Tag()
	}
	return ""
}
