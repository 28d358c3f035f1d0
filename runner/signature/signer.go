package signature

import (
	"bytes"
	"cmp"
	"crypto"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/hiddeco/sshsig"
	"github.com/sigstore/sigstore/pkg/cryptoutils"
	"github.com/sigstore/sigstore/pkg/signature"
	"golang.org/x/crypto/ssh"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/trust"
)

// Variable begins the name of a private key that is the value of a variable, as cosign has it: "env://COSIGN_PRIVATE_KEY".
const Variable = "env://"

// Open returns who signs with a private key, which is in a file or in a variable: one in PEM, as cosign generate-key-pair
// writes it, or one of ssh. DAVIT_KEY_PASSWORD or COSIGN_PASSWORD is its password.
func (k Keys) Open(name string) (trust.Signer, error) {
	private, err := k.read(name)
	if err != nil {
		return nil, err
	}
	password := cmp.Or(environ.Get(k.Environ, "DAVIT_KEY_PASSWORD"), environ.Get(k.Environ, "COSIGN_PASSWORD"))
	signer, err := parse(private, password)
	switch {
	case err == nil:
		return signer, nil
	case !isPrivate(private):
		return nil, fault.Preconditionf("cosign generate-key-pair makes one, and ssh-keygen too", "%q is no private key of cosign or ssh", name)
	case !isLocked(private):
		return nil, fault.Preconditionf("", "the key %q cannot be used: %v", name, err)
	case password == "":
		return nil, fault.Preconditionf("DAVIT_KEY_PASSWORD or COSIGN_PASSWORD is its password", "the key %q needs a password", name)
	}
	return nil, fault.Preconditionf("DAVIT_KEY_PASSWORD or COSIGN_PASSWORD is its password", "the key %q has another password", name)
}

// read returns the text of a private key, and warns of a file that others can read.
func (k Keys) read(name string) ([]byte, error) {
	if variable, is := strings.CutPrefix(name, Variable); is {
		if text := environ.Get(k.Environ, variable); text != "" {
			return []byte(text), nil
		}
		return nil, fault.Preconditionf("", "the variable %s, which has the key, is not set", variable)
	}
	private, err := regular.Read(name, regular.Config)
	if err != nil {
		return nil, fault.Preconditionf("", "the key %q cannot be read: %s", name, regular.Reason(err))
	}
	info, err := os.Stat(name)
	if err == nil && info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" && k.Warn != nil {
		k.Warn(fmt.Sprintf("others can read the key %q (mode %04o)", name, info.Mode().Perm()), "chmod 600 "+name)
	}
	return private, nil
}

// isPrivate reports whether a text says that it is a private key.
func isPrivate(text []byte) bool {
	return bytes.Contains(text, []byte("-----BEGIN ")) && bytes.Contains(text, []byte("PRIVATE KEY-----"))
}

// isLocked reports whether a private key needs a password.
func isLocked(private []byte) bool {
	_, err := ssh.ParseRawPrivateKey(private)
	_, locked := errors.AsType[*ssh.PassphraseMissingError](err)
	return locked || bytes.Contains(private, []byte("ENCRYPTED "))
}

// parse returns who signs with a private key.
func parse(private []byte, password string) (trust.Signer, error) {
	if bytes.Contains(private, []byte("BEGIN OPENSSH PRIVATE KEY")) {
		return parseSSH(private, password)
	}
	key, err := cryptoutils.UnmarshalPEMToPrivateKey(private, cryptoutils.StaticPasswordFunc([]byte(password)))
	if err != nil {
		return nil, err
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

func parseSSH(private []byte, password string) (trust.Signer, error) {
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

func (s signer) Verify(by trust.Signature) error { return Keys{}.Verify(s.key, by) }
