package compose

import (
	"context"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// Keys are what values of secrets are hashed with.
type Keys interface {
	// Current returns the key for new hashes.
	Current(ctx context.Context) (release.Key, error)
	// Find returns the key with an id, or another one that nothing was hashed with.
	Find(ctx context.Context, id string) (key release.Key, known bool, err error)
}

// A StaticKey is the only key that there is, without an id.
type StaticKey []byte

// Current returns the key.
func (k StaticKey) Current(context.Context) (release.Key, error) { return release.Key{Secret: k}, nil }

// Find returns the key.
func (k StaticKey) Find(_ context.Context, id string) (release.Key, bool, error) {
	return release.Key{ID: id, Secret: k}, id == "", nil
}
