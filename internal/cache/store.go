package cache

import (
	"io"
	"time"
)

// Options of a Store.
type Options struct {
	// Limit is how many bytes are kept; 0 is no limit.
	Limit int64
	// Now is the clock; nil is that of the system.
	Now func() time.Time
	// Warn is told, once, that the store cannot be used, in one sentence; nil tells nobody.
	Warn func(text string)
}

// Store is a folder of blobs and entries. It may be used by several goroutines and several processes at once.
type Store struct {
	dir string
	o   Options
}

// Open returns the store in a folder, which need not exist. An empty dir is a store that keeps nothing.
func Open(dir string, o Options) *Store { return &Store{dir: dir, o: o} }

// Put stores all that r has and returns the digest; ok is false where it could not be stored.
func (s *Store) Put(r io.Reader) (digest string, ok bool) { return "", false }

// Copy writes a blob to w. It is false if the blob is not there or is not what it was: then what w got is worth nothing.
func (s *Store) Copy(w io.Writer, digest string) bool { return false }

// Load decodes the entry of that key into v and tells whether there is one.
func (s *Store) Load(key string, v any) bool { return false }

// Save keeps v, as JSON, as the entry of that key.
func (s *Store) Save(key string, v any) {}

// File is the path of a file in the store that is its caller's own, of which the folder is made; empty if nothing can be kept.
func (s *Store) File(kind, name string) string { return "" }

// Close prunes the store if it is time to.
func (s *Store) Close() {}
