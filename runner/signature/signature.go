// Package signature signs, and verifies signatures, with keys of cosign and of ssh. What is signed, and whose signature is
// needed, internal/trust says.
package signature

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/hiddeco/sshsig"
	"github.com/sigstore/sigstore/pkg/cryptoutils"
	"github.com/sigstore/sigstore/pkg/signature"
	"golang.org/x/crypto/ssh"

	"github.com/davit-dev/davit/internal/trust"
)

// Keys verifies and signs.
type Keys struct{}

// Verify returns nil if a signature is by a key.
func (Keys) Verify(key trust.Key, s trust.Signature) error {
	switch {
	case s.Format == trust.SSH && key.SSH:
		return verifySSH(key, s)
	case s.Format == trust.Cosign && !key.SSH:
		return verifyCosign(key, s)
	}
	return errors.New("it is by a key of another kind")
}

func verifyCosign(key trust.Key, s trust.Signature) error {
	public, err := cryptoutils.UnmarshalPEMToPublicKey([]byte(key.Text))
	if err != nil {
		return err
	}
	verifier, err := signature.LoadVerifier(public, crypto.SHA256)
	if err != nil {
		return err
	}
	raw, err := base64.StdEncoding.DecodeString(s.Text)
	if err != nil {
		return errors.New("it is not base64")
	}
	return verifier.VerifySignature(bytes.NewReader(raw), bytes.NewReader(s.Payload))
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

// Open returns who signs with a private key: one in PEM, as cosign generate-key-pair writes it, or one of ssh. A password
// that is "" is none.
func (Keys) Open(private []byte, password string) (trust.Signer, error) {
	if bytes.Contains(private, []byte("BEGIN OPENSSH PRIVATE KEY")) {
		return openSSH(private, password)
	}
	key, err := cryptoutils.UnmarshalPEMToPrivateKey(private, cryptoutils.StaticPasswordFunc([]byte(password)))
	if err != nil {
		return nil, fmt.Errorf("it is no private key of cosign or ssh, or the password is another: %w", err)
	}
	signer, err := signature.LoadSignerVerifier(key, crypto.SHA256)
	if err != nil {
		return nil, err
	}
	public, err := signer.PublicKey()
	if err != nil {
		return nil, err
	}
	text, err := cryptoutils.MarshalPublicKeyToPEM(public)
	if err != nil {
		return nil, err
	}
	return newSigner(string(text), func(payload []byte) (trust.Signature, error) {
		raw, err := signer.SignMessage(bytes.NewReader(payload))
		return trust.Signature{Format: trust.Cosign, Payload: payload, Text: base64.StdEncoding.EncodeToString(raw)}, err
	})
}

func openSSH(private []byte, password string) (trust.Signer, error) {
	signer, err := ssh.ParsePrivateKey(private)
	if _, locked := errors.AsType[*ssh.PassphraseMissingError](err); locked && password != "" {
		signer, err = ssh.ParsePrivateKeyWithPassphrase(private, []byte(password))
	}
	if err != nil {
		return nil, err
	}
	return newSigner(string(ssh.MarshalAuthorizedKey(signer.PublicKey())), func(payload []byte) (s trust.Signature, err error) {
		signed, err := sshsig.Sign(bytes.NewReader(payload), signer, sshsig.HashSHA512, trust.Namespace)
		if err != nil {
			return s, err
		}
		return trust.Signature{Format: trust.SSH, Payload: payload, Text: string(sshsig.Armor(signed))}, nil
	})
}

// signer signs with a key.
type signer struct {
	key  trust.Key
	sign func(payload []byte) (trust.Signature, error)
}

func newSigner(public string, sign func([]byte) (trust.Signature, error)) (trust.Signer, error) {
	key, err := trust.ParseKey(public)
	return signer{key, sign}, err
}

func (s signer) Key() trust.Key { return s.key }

func (s signer) Sign(payload []byte) (trust.Signature, error) { return s.sign(payload) }
