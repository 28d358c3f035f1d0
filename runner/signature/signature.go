// Package signature signs, and verifies signatures, with keys of cosign and of ssh, and verifies bundles of Sigstore. What is signed, and whose signature is
// needed, internal/trust says.
package signature

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"errors"

	"github.com/hiddeco/sshsig"
	"github.com/sigstore/sigstore/pkg/cryptoutils"
	"github.com/sigstore/sigstore/pkg/signature"
	"golang.org/x/crypto/ssh"

	"github.com/davit-dev/davit/internal/trust"
)

// Keys verifies and signs.
type Keys struct {
	// Environ is the caller's environment, "NAME=value", for what opens private keys.
	Environ []string
	// Warn takes what the owner of a private key has to know; nil takes nothing.
	Warn func(text, hint string)
}

// Verify returns nil if a signature is by a key.
func (Keys) Verify(key trust.Key, s trust.Signature) error {
	switch {
	case s.Format == trust.Bundle && !key.SSH:
		return verifyBundle(key, s)
	case s.Format == trust.SSH && key.SSH:
		return verifySSH(key, s)
	case s.Format == trust.Cosign && !key.SSH && key.Identity == nil:
		return verifyCosign(key, s)
	}
	return errors.New("it is by a key of another kind")
}

func verifyCosign(key trust.Key, s trust.Signature) error {
	verifier, err := verifierOf(key)
	if err != nil {
		return err
	}
	raw, err := base64.StdEncoding.DecodeString(s.Text)
	if err != nil {
		return errors.New("it is not base64")
	}
	return verifier.VerifySignature(bytes.NewReader(raw), bytes.NewReader(s.Payload))
}

// verifierOf returns what verifies with a public key in PEM.
func verifierOf(key trust.Key) (signature.Verifier, error) {
	public, err := cryptoutils.UnmarshalPEMToPublicKey([]byte(key.Text))
	if err != nil {
		return nil, err
	}
	return signature.LoadVerifier(public, crypto.SHA256)
}

func verifySSH(key trust.Key, s trust.Signature) error {
	public, _, _, _, err := ssh.ParseAuthorizedKey([]byte(key.Text))
	if err != nil {
		return err
	}
	signed, err := sshsig.Unarmor([]byte(s.Text))
	if err != nil {
		return err
	}
	return sshsig.Verify(bytes.NewReader(s.Payload), signed, public, signed.HashAlgorithm, trust.Namespace)
}
