package signature

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"runtime"
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
		if all[name], err = parse(private, "secret"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return all
}

// TestOpen opens keys in files and variables: each of another kind, without a password that it needs, or with a wrong one
// is refused in one sentence.
func TestOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	encrypted, public, err := cryptoutils.GeneratePEMEncodedECDSAKeyPair(elliptic.P256(), cryptoutils.StaticPasswordFunc([]byte("secret")))
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
	locked, err := ssh.MarshalPrivateKeyWithPassphrase(ed, "me", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	broken := []byte("-----BEGIN PRIVATE KEY-----\nMFkw\n-----END PRIVATE KEY-----\n")
	for name, text := range map[string][]byte{"cosign": encrypted, "public": public, "ssh": pem.EncodeToMemory(ofSSH),
		"locked": pem.EncodeToMemory(locked), "broken": broken} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, x := range []struct{ name, password, want string }{
		{"ssh", "", ""}, {"ssh", "secret", ""}, {"cosign", "secret", ""}, {"locked", "secret", ""}, {"env://KEY", "secret", ""},
		{"cosign", "", "needs a password"}, {"locked", "", "needs a password"},
		{"cosign", "other", "has another password"}, {"locked", "other", "has another password"},
		{"absent", "", "cannot be read: no such file or directory"}, {"public", "", "is no private key of cosign or ssh"},
		{"broken", "", "cannot be used: "}, {"env://OTHER", "", "the variable OTHER, which has the key, is not set"},
	} {
		name := x.name
		if !strings.HasPrefix(name, Variable) {
			name = filepath.Join(dir, name)
		}
		k := Keys{Environ: []string{"DAVIT_KEY_PASSWORD=" + x.password, "KEY=" + string(encrypted)}}
		_, err := k.Open(name)
		if (err == nil) != (x.want == "") || err != nil && (!strings.Contains(err.Error(), x.want) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s with password %q: %v, wanted %q", x.name, x.password, err, x.want)
		}
	}
}

// TestOthersCanReadAKey: a warning says so, and the key is used.
func TestOthersCanReadAKey(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("modes of files mean nothing there")
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := ssh.MarshalPrivateKey(ed, "me")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "key")
	for _, mode := range []os.FileMode{0o600, 0o640} {
		warned := ""
		if err := errors.Join(os.WriteFile(file, pem.EncodeToMemory(text), mode), os.Chmod(file, mode)); err != nil {
			t.Fatal(err)
		}
		if _, err := (Keys{Warn: func(text, hint string) { warned = text + ": " + hint }}).Open(file); err != nil {
			t.Error(err)
		}
		if want := `others can read the key "` + file + `" (mode 0640): chmod 600 ` + file; (mode == 0o640) != (warned == want) {
			t.Errorf("mode %o: %q", mode, warned)
		}
	}
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
