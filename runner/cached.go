package runner

import (
	"context"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/ui"
)

// CacheOptions of Cached.
type CacheOptions struct {
	// Project distinguishes this checkout from others that share the store: the absolute path of its root. What is remembered
	// for Why, and the stamps of steps, are kept by it; results are not.
	Project string
	// Env is the caller's environment, "NAME=value", of which the variables that steps declare count.
	Env []string
	// Force runs every step, whatever is stored.
	Force bool
	// Now is the clock; nil is that of the system.
	Now func() time.Time
}

// Cache is a Runner that does not run what it has a result of.
type Cache struct {
	next  Runner
	files *Files
	store *cache.Store
	o     CacheOptions
}

// Cached wraps a Runner so that a step whose earlier success still stands is not run again: its outputs are put in place, where
// they are missing or changed, and its status is "cached".
//
// A result is kept for a step of effect "reads" or "builds" that is Cacheable, is neither NoCache nor interactive, and shares
// none of its outputs with another step.
func Cached(r Runner, files *Files, store *cache.Store, o CacheOptions) *Cache {
	return &Cache{next: r, files: files, store: store, o: o}
}

// Prepare asks the wrapped Runner and keeps the versions for the keys.
func (c *Cache) Prepare(ctx context.Context, steps []Step) (Versions, error) {
	return c.next.Prepare(ctx, steps)
}

// Run does the step if no result of it stands.
func (c *Cache) Run(ctx context.Context, s Step, emit func(ui.Event)) Result {
	return c.next.Run(ctx, s, emit)
}
