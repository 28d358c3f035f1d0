package cache

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/atomicfile"
)

const (
	pruneEvery = time.Hour
	abandoned  = 24 * time.Hour // what was written aside and never named, by a process that was killed
)

// Close prunes the store, if something was stored and it was not looked through for an hour.
func (s *Store) Close() {
	if s.o.Limit <= 0 || !s.stored.Load() || s.off.Load() {
		return
	}
	mark := filepath.Join(s.dir, "pruned")
	if info, err := os.Stat(mark); err == nil && s.o.Now().Sub(info.ModTime()) < pruneEvery {
		return
	}
	// Marked before it is done, so that a second process does not begin the same.
	if os.WriteFile(mark, nil, 0o600) == nil && os.Chtimes(mark, s.o.Now(), s.o.Now()) == nil {
		s.prune()
	}
}

type kept struct {
	path string
	size int64
	used time.Time
}

// prune removes what was unused for the longest time, until four fifths of the limit are left.
func (s *Store) prune() {
	found, total := s.all()
	if total <= s.o.Limit {
		return
	}
	slices.SortFunc(found, func(a, b kept) int { return a.used.Compare(b.used) })
	for _, k := range found {
		if total <= s.o.Limit/5*4 {
			return
		}
		if os.Remove(k.path) == nil {
			total -= k.size
		}
	}
}

func (s *Store) all() (found []kept, total int64) {
	for _, kind := range []string{blobs, entries, files} {
		filepath.WalkDir(filepath.Join(s.dir, kind), func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil // gone meanwhile
			}
			info, err := d.Info()
			if err != nil {
				return nil
			}
			if strings.HasPrefix(d.Name(), atomicfile.Prefix) {
				s.sweep(name, info)
				return nil
			}
			found = append(found, kept{name, info.Size(), info.ModTime()})
			total += info.Size()
			return nil
		})
	}
	return found, total
}

func (s *Store) sweep(name string, info fs.FileInfo) {
	if s.o.Now().Sub(info.ModTime()) > abandoned {
		os.Remove(name)
	}
}
