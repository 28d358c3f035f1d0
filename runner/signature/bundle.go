package signature

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/verify"

	"github.com/davit-dev/davit/internal/trust"
)

// verifyBundle returns nil if a bundle has the payload, signed by a key or by an identity.
func verifyBundle(key trust.Key, s trust.Signature) error {
	var b bundle.Bundle
	if err := b.UnmarshalJSON([]byte(s.Text)); err != nil {
		return err
	}
	envelope, err := b.Envelope()
	if err != nil {
		return err
	}
	signed, err := envelope.RawEnvelope().DecodeB64Payload()
	if err != nil || !bytes.Equal(signed, s.Payload) {
		return errors.New("it is about something else")
	}
	verifier, who, err := verifierOfBundles(key)
	if err != nil {
		return err
	}
	// what the statement is about, trust.Signature compares
	_, err = verifier.Verify(&b, verify.NewPolicy(verify.WithoutArtifactUnsafe(), who))
	return err
}

// verifierOfBundles returns what verifies bundles of a key or of an identity, and the policy that says so.
func verifierOfBundles(key trust.Key) (*verify.Verifier, verify.PolicyOption, error) {
	if key.Identity != nil {
		return verifierOfIdentity(*key.Identity)
	}
	verifier, err := verifierOf(key)
	if err != nil {
		return nil, nil, err
	}
	always := root.NewExpiringKey(verifier, time.Time{}, time.Time{})
	material := root.NewTrustedPublicKeyMaterial(func(string) (root.TimeConstrainedVerifier, error) { return always, nil })
	v, err := verify.NewVerifier(material, verify.WithNoObserverTimestamps())
	return v, verify.WithKey(), err
}

// verifierOfIdentity requires what a trusted root has: an entry of a log, a time that a log or an authority has signed, and
// that the certificate is in a log.
func verifierOfIdentity(i trust.Identity) (*verify.Verifier, verify.PolicyOption, error) {
	trusted, err := root.NewTrustedRootFromJSON([]byte(i.Root))
	if err != nil {
		return nil, nil, err
	}
	required := []verify.VerifierOption{verify.WithObserverTimestamps(1)}
	if len(trusted.RekorLogs()) > 0 {
		required = append(required, verify.WithTransparencyLog(1))
	}
	if len(trusted.CTLogs()) > 0 {
		required = append(required, verify.WithSignedCertificateTimestamps(1))
	}
	verifier, err := verify.NewVerifier(trusted, required...)
	if err != nil {
		return nil, nil, err
	}
	pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(i.Subject), `\*`, ".*") + "$"
	identity, err := verify.NewShortCertificateIdentity(i.Issuer, "", "", pattern)
	return verifier, verify.WithCertificateIdentity(identity), err
}
