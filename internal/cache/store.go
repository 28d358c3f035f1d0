package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/davit-dev/davit/internal/atomicfile"
)

// Options are the options of Open.
type Options struct {
	// Limit is how many bytes are stored; 0 is no limit.
	Limit int64
	// Now is the clock; nil is the system's.
	Now func() time.Time
	// Warn is called once if the store cannot be written, with one sentence; nil drops it.
	Warn func(text string)
}

// A Store is a folder of blobs and entries. It may be used by several goroutines and several processes at
// once.
type Store struct {
	dir      string
	o        Options
	disabled atomic.Bool // nothing can be written
	stored   atomic.Bool // something was written; Close may prune
	warn     sync.Once
	secret   func() []byte // loadSecret, once
}

// The folders of a store.
const (
	blobs   = "blobs"
	entries = "entries"
	files   = "files"
)

// Open returns the store in a folder, which need not exist. With an empty dir it stores nothing.
func Open(dir string, o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{dir: dir, o: o}
	s.disabled.Store(dir == "")
	s.secret = sync.OnceValue(s.loadSecret)
	return s
}

// Key returns the key of an entry from words: different lists of words have different keys.
func Key(words ...string) string {
	h := sha256.New()
	for _, w := range words {
		fmt.Fprintf(h, "%d:%s", len(w), w)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// File returns the path of a file in the store that the caller writes itself, in a folder that need not
// exist, or "" if the store stores nothing. It is pruned as everything else is.
func (s *Store) File(kind, name string) string {
	if s.dir == "" {
		return ""
	}
	return filepath.Join(s.dir, files, kind, name)
}

// path returns the path of a blob or an entry. They are spread over folders, since some file systems are slow
// with large ones.
func (s *Store) path(kind, name string) string {
	return filepath.Join(s.dir, kind, name[:2], name)
}

// open opens a blob or an entry. One that somebody else has put there is as good as none.
func (s *Store) open(kind, name string) (*os.File, fs.FileInfo, bool) {
	f, err := os.Open(s.path(kind, name))
	if err != nil {
		return nil, nil, false
	}
	info, err := f.Stat()
	if err != nil || !IsOwn(info) {
		f.Close()
		return nil, nil, false
	}
	return f, info, true
}

// disable stops all writing and reports it, once.
func (s *Store) disable(err error) {
	s.disabled.Store(true)
	s.warn.Do(func() {
		if s.o.Warn != nil {
			s.o.Warn(fmt.Sprintf("the cache is disabled, because it cannot be written: %v", err))
		}
	})
}

// write stores a file in one piece.
func (s *Store) write(file string, data []byte) bool {
	return !s.disabled.Load() && s.written(file, atomicfile.Write(file, data, 0o600))
}

// written handles the error of writing a file, and reports whether the file is stored. On Windows a file that
// another process reads cannot be replaced; it has the same content, since that is what its name says.
func (s *Store) written(file string, err error) bool {
	if _, missing := os.Stat(file); err != nil && (missing != nil || !os.IsPermission(err)) {
		s.disable(err)
		return false
	}
	s.stored.Store(true)
	return true
}

// touchInterval is the age from which a time of use is renewed.
const touchInterval = time.Hour

// touch renews the time of use of an open file. If that fails, the file is only pruned too early.
func (s *Store) touch(f *os.File, info fs.FileInfo) {
	if s.o.Now().Sub(info.ModTime()) > touchInterval && !s.disabled.Load() {
		os.Chtimes(f.Name(), s.o.Now(), s.o.Now())
	}
}
