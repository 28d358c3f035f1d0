package runner

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/cache"
)

// An entry is what is stored of a success. It is stored under the key of the fingerprint or, for a step with
// a stamp, under a key of the step in this checkout: what the step made belongs to its last run here.
type entry struct {
	Time    time.Time `json:"time"`
	Key     string    `json:"key"`
	Outputs []output  `json:"outputs,omitempty"`
	Stamp   *stamp    `json:"stamp,omitempty"`
	Image   string    `json:"image,omitempty"`
	Stored  string    `json:"stored,omitempty"` // its identity in the store of images
}

// A stamp is what the file system says of a stamp file.
type stamp struct {
	Size  int64 `json:"size"`
	Mtime int64 `json:"mtime"` // nanoseconds since 1970
}

// stamp returns what the file system says of a stamp file, or nil if there is none.
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

// entryKey returns the key of a step's entry.
func (c *Cache) entryKey(s Step, key string) string {
	if s.stamp() != "" {
		return cache.Key("stamp", c.o.Project, s.ID)
	}
	return key
}

// loadEntry loads the entry of a step whose fingerprint has this key. For a step with a stamp, stale reports
// that the key is the same and the stamp is not.
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

// reuse loads the entry of a step and restores its outputs. It reports whether both succeeded.
func (c *Cache) reuse(ctx context.Context, s Step, key string) (entry, bool) {
	e, _, ok := c.loadEntry(s, key)
	return e, ok && c.restore(e.Outputs) && c.imageStored(ctx, s, e)
}

// imageStored reports whether the image of an entry, if it has one, is still in its store.
func (c *Cache) imageStored(ctx context.Context, s Step, e entry) bool {
	return e.Image == "" || c.o.Images.Stored(ctx, s) == e.Stored
}

// available reports whether the outputs of an entry are in place or can be restored.
func (c *Cache) available(e entry) bool {
	var names []string
	for _, o := range e.Outputs {
		names = append(names, o.Path)
	}
	sums, err := c.files.index.Hash(names)
	return err == nil && !slices.ContainsFunc(e.Outputs, func(o output) bool {
		kind, digest, _ := strings.Cut(o.Sum, ":")
		sum, there := sums[o.Path]
		unchanged := there && sum.String() == o.Sum
		return !unchanged && (kind == "f" || kind == "x") && !c.store.Has(digest)
	})
}
