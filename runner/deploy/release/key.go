package release

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// A Key is what values of secrets are hashed with. Hashes of two keys cannot be compared.
type Key struct {
	// ID is on everything that has hashes of the key. It is empty for the key of an old davit, and tells nothing of
	// the secret of a random key.
	ID     string
	Secret []byte
}

// NewKey returns a random key.
func NewKey() Key {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // it never fails
	return KeyOf(secret)
}

// KeyOf returns the key with a secret.
func KeyOf(secret []byte) Key {
	id := HMACSecret(secret, "the id of a key")
	return Key{id[len(hmacPrefix):][:8], secret}
}

// DerivedKey returns the key of davits that kept none: it follows from the name of the project.
func DerivedKey(project string) Key {
	sum := sha256.Sum256([]byte("davit\x00" + project))
	return Key{Secret: sum[:]}
}

// MarshalText returns the text in which an environment keeps a key.
func (k Key) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(k.Secret)), nil }

// UnmarshalText reads that text.
func (k *Key) UnmarshalText(text []byte) error {
	secret, err := hex.DecodeString(string(text))
	*k = KeyOf(secret)
	return err
}
