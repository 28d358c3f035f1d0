package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"

	"github.com/davit-dev/davit/internal/atomicfile"
)

// Put stores all that r has and returns its SHA-256 in hexadecimal digits; ok is false where it could not be stored.
func (s *Store) Put(r io.Reader) (digest string, ok bool) {
	if s.off.Load() {
		return "", false
	}
	f, err := atomicfile.Create(filepath.Join(s.dir, blobs))
	if err != nil {
		s.broken(err)
		return "", false
	}
	defer f.Discard()
	source := &reader{r: r}
	h := sha256.New()
	if _, err := io.Copy(f, io.TeeReader(source, h)); err != nil {
		if source.err == nil {
			s.broken(err)
		}
		return "", false
	}
	digest = hex.EncodeToString(h.Sum(nil))
	file := s.path(blobs, digest)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		s.broken(err)
		return "", false
	}
	return digest, s.written(file, f.Commit(file))
}

// reader remembers that it was the source that could not be read, which says nothing against the store.
type reader struct {
	r   io.Reader
	err error
}

func (r *reader) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

// Copy writes a blob to w. It is false if the blob is not there, or is not what it was and is removed: then what w got is worth
// nothing.
func (s *Store) Copy(w io.Writer, digest string) bool {
	if s.dir == "" || !isDigest(digest) {
		return false
	}
	f, err := os.Open(s.path(blobs, digest))
	if err != nil {
		return false
	}
	defer f.Close()
	h := sha256.New()
	source := &reader{r: f}
	if _, err := io.Copy(io.MultiWriter(h, w), source); err != nil && source.err == nil {
		return false // w did not take it
	}
	if hex.EncodeToString(h.Sum(nil)) != digest {
		os.Remove(f.Name())
		return false
	}
	s.used(f)
	return true
}

func isDigest(text string) bool {
	_, err := hex.DecodeString(text)
	return err == nil && len(text) == 2*sha256.Size
}

// Has tells whether a blob is there, without looking into it.
func (s *Store) Has(digest string) bool {
	if s.dir == "" || !isDigest(digest) {
		return false
	}
	_, err := os.Stat(s.path(blobs, digest))
	return err == nil
}
