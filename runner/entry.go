package runner

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/cache"
)

// entry is what is stored of a success: under the key of its facts or, if the step has a stamp, under a key of the step in this
// checkout, since what its folders hold is of the last time that it ran here.
type entry struct {
	Time    time.Time `json:"time"`
	Key     string    `json:"key"`
	Outputs []output  `json:"outputs,omitempty"`
	Stamp   *stamp    `json:"stamp,omitempty"`
	Image   string    `json:"image,omitempty"`
	Stored  string    `json:"stored,omitempty"` // what the store of images knew it by
}

// stamp is what the file system says of a stamp.
type stamp struct {
	Size  int64 `json:"size"`
	Mtime int64 `json:"mtime"` // nanoseconds since 1970
}

// stamp looks at a stamp; nil if there is none.
func (c *Cache) stamp(name string) *stamp {
	root, err := c.files.root()
	if err != nil {
		return nil
	}
	info, err := root.Stat(local(name))
	if err != nil {
		return nil
	}
	s := &stamp{Mtime: info.ModTime().UnixNano()}
	if !info.IsDir() {
		s.Size = info.Size()
	}
	return s
}

// entryKey is the key of a step's entry.
func (c *Cache) entryKey(s Step, key string) string {
	if s.stamp() != "" {
		return cache.Key("stamp", c.o.Project, s.ID)
	}
	return key
}

// loadEntry finds the entry of a step whose facts have this key. Of a stamped one, stale says that the key was the same but the stamp
// is not.
func (c *Cache) loadEntry(s Step, key string) (e entry, stale, ok bool) {
	if !c.store.Load(c.entryKey(s, key), &e) || e.Key != key {
		return e, false, false
	}
	if s.stamp() == "" {
		return e, false, true
	}
	now := c.stamp(s.stamp())
	same := now != nil && e.Stamp != nil && *now == *e.Stamp
	return e, !same, same
}

// reuse tells whether there is a result, of which the outputs are then in place.
func (c *Cache) reuse(ctx context.Context, s Step, key string) (entry, bool) {
	e, _, ok := c.loadEntry(s, key)
	return e, ok && c.restore(e.Outputs) && c.imageStored(ctx, s, e)
}

// imageStored tells whether the image of an entry, if it has one, is where it was put.
func (c *Cache) imageStored(ctx context.Context, s Step, e entry) bool {
	return e.Image == "" || c.o.Images.Stored(ctx, s) == e.Stored
}

// available tells whether the outputs of an entry are in place or could be put there.
func (c *Cache) available(e entry) bool {
	var names []string
	for _, o := range e.Outputs {
		names = append(names, o.Path)
	}
	sums, err := c.files.index.Hash(names)
	return err == nil && !slices.ContainsFunc(e.Outputs, func(o output) bool {
		kind, digest, _ := strings.Cut(o.Sum, ":")
		sum, there := sums[o.Path]
		inPlace := there && sum.String() == o.Sum
		return !inPlace && (kind == "f" || kind == "x") && !c.store.Has(digest)
	})
}
