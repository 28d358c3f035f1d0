// Package trust says whose signature a published module needs, as data: keys, the rules of [trust], and what a signature
// is about. It verifies no signature, so that a program that links no cryptography of signatures can compare what was
// verified earlier with what is required.
package trust

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// A Key is a public key, or an identity that signs without one of its own.
type Key struct {
	// ID is the digest of the key: "sha256:" and 64 hexadecimal digits.
	ID string
	// Text is the key in PEM, as cosign writes it, or a line as in a .pub file of ssh.
	Text string
	// SSH says which of them.
	SSH bool
	// Identity is nil for a key.
	Identity *Identity
}

// An Identity is who an issuer says that somebody is, in a certificate for a signature.
type Identity struct {
	// Subject is an address of the mail or the web; "*" stands for any text.
	Subject string
	// Issuer is the address of who has verified that.
	Issuer string
	// Root is the trusted root, as cosign trusted-root create writes it: whose certificates and logs count.
	Root string
}

// NewIdentity returns the key of an identity.
func NewIdentity(i Identity) Key {
	return Key{ID: idOf([]byte(strings.Join([]string{"identity", i.Subject, i.Issuer, i.Root}, "\x00"))), Identity: &i}
}

// Short returns the beginning of the ID, for messages.
func (k Key) Short() string { return k.ID[:min(len(k.ID), len("sha256:")+12)] }

// ParseKey parses a public key.
func ParseKey(text string) (Key, error) {
	text = strings.TrimSpace(text)
	if block, _ := pem.Decode([]byte(text)); block != nil {
		if block.Type != "PUBLIC KEY" {
			return Key{}, fmt.Errorf("it is a %s, wanted a PUBLIC KEY", block.Type)
		}
		return Key{ID: idOf(block.Bytes), Text: text}, nil
	}
	fields := strings.Fields(text)
	if !Inline(text) || len(fields) < 2 {
		return Key{}, errors.New("it is neither a public key in PEM, as cosign writes it, nor one of ssh")
	}
	raw, err := base64.StdEncoding.DecodeString(fields[1])
	if err != nil {
		return Key{}, errors.New("it is no public key of ssh: its second word is not base64")
	}
	return Key{ID: idOf(raw), Text: text, SSH: true}, nil
}

// Inline reports whether a text is a key, and not the name of a file with one.
func Inline(text string) bool {
	kind, _, more := strings.Cut(strings.TrimSpace(text), " ")
	return strings.HasPrefix(kind, "-----BEGIN") || more &&
		(strings.HasPrefix(kind, "ssh-") || strings.HasPrefix(kind, "ecdsa-") || strings.HasPrefix(kind, "sk-"))
}

func idOf(key []byte) string {
	sum := sha256.Sum256(key)
	return "sha256:" + hex.EncodeToString(sum[:])
}
