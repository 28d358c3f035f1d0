package pluginreg

import (
	"context"
	"strings"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
)

// Image returns the digest of an image of containers that has the signature which [trust] requires; "" if it requires none.
// The rules that name a registry count, and the digest is that of the reference, or that of its tag in the registry.
func (p Published) Image(ctx context.Context, ref string) (string, error) {
	rules := p.Trust.Named()
	name, err := p.Registry.ImageName(ref)
	if err != nil || len(rules.For(name)) == 0 {
		return "", err
	}
	_, digest, pinned := strings.Cut(name, "@")
	if pinned && rules.Unmet(name, p.Store.Signers(blobs.Blob{Digest: digest})) == nil {
		return digest, nil
	}
	if p.Offline {
		return "", fault.Preconditionf("leave out --offline", "the signatures of the image %q are in its registry, which takes a network connection", ref)
	}
	digest, all, err := p.Registry.ImageSignatures(ctx, name)
	if err != nil {
		return "", err
	}
	signers := rules.Signers(name, all, p.Signatures.Verify)
	if unmet := rules.Unmet(name, signers); unmet != nil {
		return "", fault.Refusef("davit publish --sign KEY signs what it pushes, and cosign sign any image", "the image %q (%s) %s", ref,
			blobs.Short(digest), unmet.Lacks(len(all)))
	}
	if p.Store.Dir == "" {
		return digest, nil
	}
	return digest, p.Store.AddSigners(blobs.Blob{Digest: digest}, signers)
}
