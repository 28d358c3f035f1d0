package tree

import (
	"crypto/sha256"
	"hash"
	"io"
	"io/fs"
	"time"
)

// maxGap is how many bytes that were not asked for are hashed, to reach bytes that were.
const maxGap = 1 << 20

// A sighting is an observation in progress.
type sighting struct {
	Observation
	known    bool // opened once already
	missed   bool // found absent once already
	prefixes []*prefix
}

// miss notes that nothing was found.
func (s *sighting) miss() {
	if s.missed = true; s.known {
		s.distrust()
	}
}

// A prefix is what one handle read from the front of a file.
type prefix struct {
	hash hash.Hash
	n    int64
}

// opened notes what was found. If it was found in two different states, neither is relied on.
func (s *sighting) opened(info fs.FileInfo, now time.Time) {
	stamp, kind := stampOf(info), File
	if info.IsDir() {
		kind = Folder
	}
	switch {
	case !s.known:
		s.Kind, s.Stamp, s.Settled = kind, stamp, stamp.settled(now)
	case stamp != s.Stamp:
		s.distrust()
	}
	if s.known = true; s.missed {
		s.distrust()
	}
}

// distrust makes the observation one that never holds.
func (s *sighting) distrust() { s.Loose, s.Settled = true, false }

func (s *sighting) size() int64 {
	if s.Kind == File {
		s.Sized = true
	}
	return s.Stamp.Size
}

func (s *sighting) begin() *prefix {
	p := &prefix{hash: sha256.New()}
	s.prefixes = append(s.prefixes, p)
	return p
}

// read notes the bytes that were read at an offset, and the error that came with them.
func (s *sighting) read(p *prefix, f io.ReaderAt, b []byte, offset int64, err error) {
	if gap := offset - p.n; gap > 0 && !p.close(f, min(gap, maxGap+1)) {
		s.Loose = true
	}
	if overlap := p.n - offset; overlap >= 0 && overlap < int64(len(b)) {
		p.hash.Write(b[overlap:])
		p.n += int64(len(b)) - overlap
	}
	switch {
	case err == io.EOF:
		s.Whole = true
	case err != nil:
		s.distrust()
	}
}

// close hashes the bytes between those read so far and those that come next.
func (p *prefix) close(f io.ReaderAt, gap int64) bool {
	if gap > maxGap {
		return false
	}
	n, err := io.Copy(p.hash, io.NewSectionReader(f, p.n, gap))
	p.n += n
	return err == nil
}

// list notes a listing. A listing with symbolic links depends on more than the folder, so the folder's stamp
// proves nothing.
func (s *sighting) list(sum [sha256.Size]byte, linked bool) {
	if s.Listed && s.Sum != sum {
		s.distrust()
	}
	s.Listed, s.Sum, s.Settled = true, sum, s.Settled && !linked
}

// observation returns the observation so far: of all prefixes, each of which begins like the longest, it
// takes the longest.
func (s *sighting) observation() Observation {
	o := s.Observation
	for i, p := range s.prefixes {
		if i == 0 || p.n > o.Read {
			o.Read, o.Sum = p.n, [sha256.Size]byte(p.hash.Sum(nil))
		}
	}
	if o.Loose {
		o.Read, o.Whole = 0, false
	}
	if o.onlyKind() {
		o.Stamp, o.Settled = Stamp{}, false
	}
	return o
}
