package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/davit-dev/davit/internal/atomicfile"
)

// Options of a Store.
type Options struct {
	// Limit is how many bytes are kept; 0 is no limit.
	Limit int64
	// Now is the clock; nil is that of the system.
	Now func() time.Time
	// Warn is told, once, that the store cannot be written, in one sentence; nil tells nobody.
	Warn func(text string)
}

// Store is a folder of blobs and entries. It may be used by several goroutines and several processes at once.
type Store struct {
	dir    string
	o      Options
	off    atomic.Bool // nothing can be written
	stored atomic.Bool // something was, so that it may be time to prune
	warn   sync.Once
}

// The folders of a store.
const (
	blobs   = "blobs"
	entries = "entries"
	files   = "files"
)

// Open returns the store in a folder, which need not exist. An empty dir is a store that keeps nothing.
func Open(dir string, o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{dir: dir, o: o}
	s.off.Store(dir == "")
	return s
}

// Key makes the key of an entry from words: no two lists of words have the same.
func Key(words ...string) string {
	h := sha256.New()
	for _, w := range words {
		fmt.Fprintf(h, "%d:%s", len(w), w)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// File is the path of a file in the store that is its caller's own, in a folder that need not exist; empty if the store keeps
// nothing. It is pruned as all else is.
func (s *Store) File(kind, name string) string {
	if s.dir == "" {
		return ""
	}
	return filepath.Join(s.dir, files, kind, name)
}

// path is where a blob or an entry is: not all in one folder, which some file systems are slow with.
func (s *Store) path(kind, name string) string {
	return filepath.Join(s.dir, kind, name[:2], name)
}

// broken stops all writing and says so, once.
func (s *Store) broken(err error) {
	s.off.Store(true)
	s.warn.Do(func() {
		if s.o.Warn != nil {
			s.o.Warn(fmt.Sprintf("nothing is remembered for the next run, because the cache cannot be written: %v", err))
		}
	})
}

// write stores a file in one piece.
func (s *Store) write(file string, data []byte) bool {
	return !s.off.Load() && s.written(file, atomicfile.Write(file, data, 0o600))
}

// written takes note of how the writing of a file ended, and reports whether the file is there. On Windows a file that another process
// reads cannot be replaced; it has the same content, since that is what its name says.
func (s *Store) written(file string, err error) bool {
	if _, missing := os.Stat(file); err != nil && (missing != nil || !os.IsPermission(err)) {
		s.broken(err)
		return false
	}
	s.stored.Store(true)
	return true
}

// fresh is how long a time of use stands before it is renewed.
const fresh = time.Hour

// used renews the time of use of a file that is open. That it may fail is of no matter: then the file is pruned too early.
func (s *Store) used(f *os.File) {
	if info, err := f.Stat(); err == nil && s.o.Now().Sub(info.ModTime()) > fresh && !s.off.Load() {
		os.Chtimes(f.Name(), s.o.Now(), s.o.Now())
	}
}
