package tree

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"
)

// Unchanged tells whether everything that was seen is still as it was, so that who saw it would see it again. It trusts a
// stamp where that is safe, and looks at the same bytes and names again elsewhere.
func (t *Tree) Unchanged(seen []Observation) bool {
	_, ok := t.Renew(seen, time.Time{})
	return ok
}

// Renew is Unchanged for who keeps observations: it returns them with the stamps of now wherever it had to look again, or
// seen itself where it did not have to. Now is the time of the system's clock; a zero one settles no stamp.
func (t *Tree) Renew(seen []Observation, now time.Time) (renewed []Observation, ok bool) {
	w, renewed := t.walk(), seen
	for i := range seen {
		o := seen[i]
		if !w.holds(&o, now) {
			return nil, false
		}
		if o == seen[i] {
			continue
		}
		if &renewed[0] == &seen[0] {
			renewed = slices.Clone(seen)
		}
		renewed[i] = o
	}
	return renewed, true
}

// holds tells whether one observation still holds, and renews its stamp if it had to look.
func (w *walker) holds(o *Observation, now time.Time) bool {
	if o.Kind == Absent {
		return !o.Loose && w.absent(o.Path)
	}
	real, info, err := w.resolve(o.Path)
	if err != nil || info.IsDir() != (o.Kind == Folder) {
		return false
	}
	stamp := stampOf(info)
	switch {
	case o.onlyKind() || o.Settled && stamp == o.Stamp:
		return true
	case o.Loose:
		return false
	case o.Kind == Folder:
		entries, sum, err := w.list(real)
		o.Stamp, o.Settled = stamp, stamp.settled(now) && !linked(entries)
		return err == nil && sum == o.Sum
	}
	return w.sameFile(o, now)
}

// absent reports whether a plugin sees nothing at a path, for certain.
func (w *walker) absent(name string) bool {
	f, _, _, err := w.open(name)
	if err == nil {
		f.Close()
	}
	return errors.Is(err, fs.ErrNotExist)
}

// sameFile reads as much of a file as was read before.
func (w *walker) sameFile(o *Observation, now time.Time) bool {
	f, info, _, err := w.open(o.Path)
	if err != nil {
		return false
	}
	defer f.Close()
	stamp := stampOf(info)
	if o.Sized && stamp.Size != o.Stamp.Size || o.Whole && stamp.Size != o.Read {
		return false
	}
	if (o.Read > 0 || o.Whole) && !sameBytes(f, o) {
		return false
	}
	o.Stamp, o.Settled = stamp, stamp.settled(now)
	return true
}

func sameBytes(f *os.File, o *Observation) bool {
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(f, o.Read))
	if err != nil || n != o.Read {
		return false
	}
	if more, _ := f.Read(make([]byte, 1)); o.Whole && more > 0 {
		return false
	}
	return bytes.Equal(h.Sum(nil), o.Sum[:])
}
