package signature

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/sigstore/sigstore/pkg/cryptoutils"
	"golang.org/x/crypto/ssh"

	"github.com/davit-dev/davit/internal/trust"
)

// signers returns who signs with a new key of each kind.
func signers(t *testing.T) map[string]trust.Signer {
	t.Helper()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := cryptoutils.MarshalPrivateKeyToPEM(ec)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ofSSH, err := ssh.MarshalPrivateKey(ed, "me")
	if err != nil {
		t.Fatal(err)
	}
	locked, err := ssh.MarshalPrivateKeyWithPassphrase(ec, "me", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	encrypted, _, err := cryptoutils.GeneratePEMEncodedECDSAKeyPair(elliptic.P256(), cryptoutils.StaticPasswordFunc([]byte("secret")))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]trust.Signer{}
	for name, private := range map[string][]byte{"ecdsa": plain, "cosign": encrypted, "ssh": pem.EncodeToMemory(ofSSH),
		"ssh with a passphrase": pem.EncodeToMemory(locked)} {
		if all[name], err = (Keys{}).Open(private, "secret"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if _, err := (Keys{}).Open(pem.EncodeToMemory(locked), "other"); err == nil {
		t.Error("a key is opened with another passphrase")
	}
	if _, err := (Keys{}).Open(encrypted, "other"); err == nil {
		t.Error("a key is opened with another password")
	}
	return all
}

// TestASignatureIsThatOfOneKeyAndOnePayload verifies signatures with each key, and with what somebody changed in them.
func TestASignatureIsThatOfOneKeyAndOnePayload(t *testing.T) {
	all := signers(t)
	for name, signer := range all {
		s, err := signer.Sign([]byte("payload"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for other, by := range all {
			if err := (Keys{}).Verify(by.Key(), s); (err == nil) != (name == other) {
				t.Errorf("a signature of %s by the key of %s: %v", name, other, err)
			}
		}
		for what, change := range map[string]func(*trust.Signature){
			"another payload":   func(s *trust.Signature) { s.Payload = []byte("payloae") },
			"another signature": func(s *trust.Signature) { s.Text = strings.Replace(s.Text, s.Text[60:70], "AAAAAAAAAA", 1) },
			"no signature":      func(s *trust.Signature) { s.Text = "" },
			"another format": func(s *trust.Signature) {
				s.Format = map[string]string{trust.SSH: trust.Cosign, trust.Cosign: trust.SSH}[s.Format]
			},
		} {
			changed := s
			if change(&changed); (Keys{}).Verify(signer.Key(), changed) == nil {
				t.Errorf("%s: %s is right", name, what)
			}
		}
	}
}
