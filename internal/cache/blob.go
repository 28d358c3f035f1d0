package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"

	"github.com/davit-dev/davit/internal/atomicfile"
)

// Put stores everything that r returns and returns its SHA-256 in hexadecimal digits; ok is false if it could
// not be stored.
func (s *Store) Put(r io.Reader) (digest string, ok bool) {
	if s.disabled.Load() {
		return "", false
	}
	f, err := atomicfile.Create(filepath.Join(s.dir, blobs))
	if err != nil {
		s.disable(err)
		return "", false
	}
	defer f.Discard()
	source := &reader{r: r}
	h := sha256.New()
	if _, err := io.Copy(f, io.TeeReader(source, h)); err != nil {
		if source.err == nil {
			s.disable(err)
		}
		return "", false
	}
	digest = hex.EncodeToString(h.Sum(nil))
	file := s.path(blobs, digest)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		s.disable(err)
		return "", false
	}
	return digest, s.written(file, f.Commit(file))
}

// A reader notes whether the source could not be read, which is no error of the store.
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

// Copy writes a blob to w, and reports whether it did. If the blob is missing or damaged it returns false,
// and what w got must not be used; a damaged blob is removed.
func (s *Store) Copy(w io.Writer, digest string) bool {
	if s.dir == "" || !isDigest(digest) {
		return false
	}
	f, info, ok := s.open(blobs, digest)
	if !ok {
		return false
	}
	defer f.Close()
	h := sha256.New()
	source := &reader{r: f}
	if _, err := io.Copy(io.MultiWriter(h, w), source); err != nil && source.err == nil {
		return false // w failed
	}
	if hex.EncodeToString(h.Sum(nil)) != digest {
		os.Remove(f.Name())
		return false
	}
	s.touch(f, info)
	return true
}

func isDigest(text string) bool {
	_, err := hex.DecodeString(text)
	return err == nil && len(text) == 2*sha256.Size
}

// Has reports whether a blob is stored, without reading it.
func (s *Store) Has(digest string) bool {
	if s.dir == "" || !isDigest(digest) {
		return false
	}
	info, err := os.Stat(s.path(blobs, digest))
	return err == nil && IsOwn(info)
}
