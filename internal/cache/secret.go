package cache

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
)

// secretSize is the size of the secret of a store, in bytes.
const secretSize = 32

// Secret returns the 32 random bytes that belong to this store alone, for keyed hashes of values that must
// not be guessed from an entry. They are in a file that only the user may read, and are made when they are
// first asked for; processes that ask at the same time get the same ones. A store that cannot keep them
// returns others in each process, so that nothing of theirs is found again.
func (s *Store) Secret() []byte { return s.secret() }

// loadSecret returns what is stored, else stores new bytes. Whoever has the lock looks again first.
func (s *Store) loadSecret() []byte {
	if secret, ok := s.readSecret(); ok {
		return secret
	}
	defer s.Lock(context.Background(), "secret", func() {})()
	if secret, ok := s.readSecret(); ok {
		return secret
	}
	secret := make([]byte, secretSize)
	rand.Read(secret)
	s.write(s.secretFile(), secret)
	return secret
}

func (s *Store) secretFile() string { return filepath.Join(s.dir, "secret") }

// readSecret reads the stored secret. One that somebody else could read or write is none.
func (s *Store) readSecret() ([]byte, bool) {
	if s.dir == "" {
		return nil, false
	}
	info, err := os.Lstat(s.secretFile())
	if err != nil || !info.Mode().IsRegular() || info.Size() != secretSize || !isPrivate(info) {
		return nil, false
	}
	secret, err := os.ReadFile(s.secretFile())
	return secret, err == nil && len(secret) == secretSize
}
