package pluginreg

import (
	"context"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/trust"
)

// Verify returns an error if a blob lacks a signature that [trust] requires. Signatures are looked for where the blob
// is, after those on this machine and in the project; whose are right is recorded in the store of this machine.
func (p Published) Verify(ctx context.Context, ref string, b blobs.Blob) error {
	if p.Trust.Unmet(ref, p.Store.Signers(b)) == nil {
		return nil
	}
	all := p.Store.Signatures(b)
	if p.Trust.Unmet(ref, p.signers(ref, b.Digest, all)) != nil && p.online(ref) == nil {
		found, err := p.Registry.Signatures(ctx, ref, b.Digest)
		if err != nil {
			return err
		}
		all = append(all, found...)
	}
	signers := p.signers(ref, b.Digest, all)
	if unmet := p.Trust.Unmet(ref, signers); unmet != nil {
		return unsigned(ref, b, len(all), unmet)
	}
	if err := p.Store.PutSignatures(b, all); err != nil {
		return err
	}
	return p.Store.AddSigners(b, signers)
}

// signers returns the keys that count for a reference and by which one of some signatures is right.
func (p Published) signers(ref, digest string, all []trust.Signature) (ids []string) {
	all = slices.DeleteFunc(slices.Clone(all), func(s trust.Signature) bool { return !s.Covers(digest) })
	return p.Trust.Signers(ref, all, p.Signatures.Verify)
}

// unsigned returns the error about a blob whose signature is missing or wrong.
func unsigned(ref string, b blobs.Blob, signatures int, rule *trust.Rule) error {
	return fault.Refusef("davit "+string(b.Kind)+" publish --sign KEY signs it", "%q (%s) %s", ref, blobs.Short(b.Digest), rule.Lacks(signatures))
}

// sign signs a plugin that was published, unless it has a signature by that key.
func (p Published) sign(ctx context.Context, a *Artifact, signer trust.Signer) error {
	there, err := p.Registry.Signatures(ctx, a.Ref, a.Digest)
	if err != nil {
		return err
	}
	a.SignedBy = signer.Key().ID
	for _, s := range there {
		if signer.Verify(s) == nil {
			return nil
		}
	}
	payload, err := trust.NewPayload(a.Ref[:strings.LastIndex(a.Ref, ":")], a.Artifact, a.Digest)
	if err != nil {
		return err
	}
	s, err := signer.Sign(payload)
	if err != nil {
		return fault.Preconditionf("", "%q cannot be signed: %v", a.Ref, err)
	}
	return p.Registry.PushSignature(ctx, a.Ref, a.Artifact, a.Digest, s)
}
