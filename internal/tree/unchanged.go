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

// Unchanged reports whether everything that was seen is still as it was. It relies on stamps where that is
// safe, and compares the same bytes and names again elsewhere.
func (t *Tree) Unchanged(seen []Observation) bool {
	_, ok := t.Renew(seen, time.Time{})
	return ok
}

// Renew is Unchanged for callers that keep observations. It returns them with current stamps where it had to
// compare, or seen itself if it did not. Now is the time of the system's clock; a zero time settles no stamp.
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

// holds reports whether one observation still holds, and renews its stamp if it had to compare.
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

// absent reports whether it is certain that a plugin sees nothing at a path.
func (w *walker) absent(name string) bool {
	f, _, _, err := w.open(name)
	if err == nil {
		f.Close()
	}
	return errors.Is(err, fs.ErrNotExist)
}

// sameFile compares as many bytes of a file as were read before.
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
