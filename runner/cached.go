package runner

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
)

// CacheOptions are the options of Cached.
type CacheOptions struct {
	// Project is the absolute path of the project's root. It distinguishes this checkout from others that
	// share the store: the records for Explain and the stamps of steps are kept by project, results are not.
	Project string
	// Env is the caller's environment, "NAME=value". The variables that steps declare are part of their keys.
	Env []string
	// Force runs every step, whatever is stored.
	Force bool
	// Images says what images are made of. Without it every image step runs.
	Images Images
	// Now is the clock; nil is the system's.
	Now func() time.Time
}

// A Cache is a Runner that reuses stored results instead of running steps again.
type Cache struct {
	next        Runner
	files       *Files
	store       *cache.Store
	o           CacheOptions
	limit       int64  // of the bytes of one step's outputs
	unique      string // in the names of files that are being restored
	versions    Versions
	steps       map[string]Step
	madePaths   []string          // by any step
	shared      map[string]string // steps that share outputs, each with such another step
	untraced    map[string]string // steps that depend on an untracked one, and the need by which they do
	mu          sync.Mutex
	keys        map[string]string
	knownImages map[string]bool // images of which all inputs are known
}

// Cached wraps a Runner so that it does not run a step again of which a successful result is stored under the
// same key. It puts the outputs in place where they are missing or changed, leaves all other files alone, and
// returns the status "cached".
//
// The result of a step of effect "reads" or "builds" is stored if the step is Cacheable, is neither NoCache
// nor interactive, uses no services and shares none of its outputs with another step. It is not stored if an
// input changed while the step ran, or if an output is missing.
//
// Of a step whose outputs stay in an engine only the success is stored: the engine has the outputs, or makes
// them again for the steps that need them. Of an image, too, only the success is stored; it is reused while
// the image store has the image under its names. The result of a step with a stamp is reused while the stamp
// in this checkout is as the step left it.
func Cached(r Runner, files *Files, store *cache.Store, o CacheOptions) *Cache {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Cache{
		next: r, files: files, store: store, o: o, limit: maxOutputs,
		keys: map[string]string{}, knownImages: map[string]bool{},
		unique: fmt.Sprintf("%d-%x", os.Getpid(), o.Now().UnixNano()),
	}
}

// Prepare prepares the wrapped Runner and keeps the versions for the keys.
func (c *Cache) Prepare(ctx context.Context, steps []Step) (Versions, error) {
	versions, err := c.next.Prepare(ctx, steps)
	c.versions, c.steps, c.madePaths = versions, map[string]Step{}, nil
	for _, s := range steps {
		c.steps[s.ID] = s
		c.madePaths = append(c.madePaths, madePaths(s)...)
	}
	c.shared, c.untraced = sharedOutputs(steps), dependsOnUntracked(steps)
	return versions, err
}

// sharedOutputs returns the steps with outputs that another step writes too, each with such a step. Their
// outputs are not stored: those of one step would overwrite those of the other.
func sharedOutputs(steps []Step) map[string]string {
	shared := map[string]string{}
	for i, a := range steps {
		for _, b := range steps[i+1:] {
			if a.stamp() == "" && b.stamp() == "" && overlap(a.outputs(), b.outputs()) {
				shared[a.ID], shared[b.ID] = b.ID, a.ID
			}
		}
	}
	return shared
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool {
		x = strings.TrimSuffix(x, "/") + "/"
		return slices.ContainsFunc(b, func(y string) bool {
			y = strings.TrimSuffix(y, "/") + "/"
			return strings.HasPrefix(x, y) || strings.HasPrefix(y, x)
		})
	})
}

// Run reuses a stored result or runs the step. A step that makes something is run by one davit at a time; a
// davit that had to wait looks for a result again.
func (c *Cache) Run(ctx context.Context, s Step, emit func(ui.Event)) Result {
	waited, unlock := false, func() {}
	if writesProject(s) {
		unlock = c.store.Lock(ctx, cache.Key(c.o.Project, s.ID), func() {
			waited = true
			text := "another davit is running it here: waiting for that to end"
			emit(ui.Event{Type: ui.EventWarning, Step: s.ID, Text: text})
		})
	}
	defer unlock()
	if waited {
		c.files.changed()
	}
	f, err := c.fingerprint(ctx, s)
	switch {
	case ctx.Err() != nil:
		return Result{Status: ui.StatusCancelled, Reason: "interrupted"}
	case err != nil:
		return Result{Status: ui.StatusFailed, Reason: "its inputs cannot be read: " + err.Error()}
	}
	key := f.key()
	c.setKey(s.ID, key)
	why := c.uncacheable(s)
	if why == "" && !c.o.Force {
		if e, ok := c.reuse(ctx, s, key); ok {
			return Result{Status: ui.StatusCached, Image: e.Image}
		}
	}
	return c.runAndStore(ctx, s, emit, f, key, why)
}

// writesProject reports whether a step leaves something that two davits could write at once.
func writesProject(s Step) bool {
	return s.Effect == Builds || s.Effect == Writes || s.Effect == Reads && len(madePaths(s)) > 0
}

// runAndStore runs a step and stores the result, unless there is a reason why not.
func (c *Cache) runAndStore(
	ctx context.Context, s Step, emit func(ui.Event), f fingerprint, key, why string,
) Result {
	if s.stamp() != "" {
		c.store.Drop(c.entryKey(s, key)) // a stamp may survive a run that was aborted
	}
	r := c.next.Run(ctx, s, emit)
	// by an engine, which has a cache of its own
	done := r.Status == ui.StatusOK || r.Status == ui.StatusCached
	if done && why == "" {
		why = c.storeResult(ctx, s, key, f, r)
	}
	if done || r.Status == ui.StatusFailed {
		c.record(s, key, f, r.Status, why)
	}
	return r
}

func (c *Cache) setKey(id, key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keys[id] = key
}

// needKey returns what the key of a step holds for a step that it needs: its key and, where that does not say
// all, what it made.
func (c *Cache) needKey(id string) (string, error) {
	c.mu.Lock()
	key := c.keys[id]
	c.mu.Unlock()
	s := c.steps[id]
	if c.uncacheable(s) == "" || len(s.outputs()) == 0 {
		return key, nil
	}
	paths := s.outputs()
	if s.stamp() != "" {
		paths = []string{s.stamp()}
	}
	made, err := c.describe(paths)
	if err != nil {
		return "", err
	}
	var sums []string
	for _, o := range made {
		sums = append(sums, o.Path, o.Sum)
	}
	return cache.Key(append(sums, key)...), nil
}

// uncacheable returns why no result of a step is stored, or "".
func (c *Cache) uncacheable(s Step) string {
	switch {
	case s.Effect != Reads && s.Effect != Builds:
		return fmt.Sprintf("its effect is %q", s.Effect)
	case !s.Cacheable:
		return "results of its target are not kept"
	case s.Plan.Op == plan.OpPush, s.Plan.Op == plan.OpImage && !c.cacheableImage(s):
		return "only the engine knows whether it is up to date"
	case s.Plan.NoCache:
		return "its result depends on more than its inputs"
	case s.Plan.Interactive:
		return "it is interactive"
	case len(s.Plan.Services) > 0:
		return "it uses services"
	case c.shared[s.ID] != "":
		return "its outputs are also those of " + c.shared[s.ID]
	}
	if need := c.untraced[s.ID]; need != "" {
		return "it needs " + need + ", whose outputs are unknown"
	}
	return ""
}

// cacheableImage reports whether everything is known that an image is made of.
func (c *Cache) cacheableImage(s Step) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.knownImages[s.ID]
}

// untracked reports whether a step builds something each time of which it does not say what it is.
func untracked(s Step) bool {
	return s.Effect == Builds && (s.Plan.NoCache || !s.Cacheable) && len(s.outputs()) == 0 && s.stamp() == ""
}

// dependsOnUntracked returns the steps that need an untracked step, directly or through others, each with the
// first of its needs that is untracked or leads to an untracked step. The steps come in the order of their
// graph, so one pass is enough.
func dependsOnUntracked(steps []Step) map[string]string {
	tracked, found := map[string]bool{}, map[string]string{}
	for _, s := range steps {
		for _, need := range s.Plan.Needs {
			if !tracked[need] {
				found[s.ID] = need
				break
			}
		}
		tracked[s.ID] = !untracked(s) && found[s.ID] == ""
	}
	return found
}

// storeResult stores a success, or returns why it is not stored.
func (c *Cache) storeResult(ctx context.Context, s Step, key string, f fingerprint, r Result) string {
	if changed := c.changedInputs(f); len(changed) > 0 {
		return "inputs changed while it ran: " + abbreviate(changed)
	}
	e := entry{Time: c.o.Now(), Key: key, Image: r.Image}
	if r.Image != "" {
		if e.Stored = c.o.Images.Stored(ctx, s); e.Stored == "" {
			return "its image has other names in the store"
		}
	}
	if stamp := s.stamp(); stamp != "" {
		if e.Stamp = c.stamp(stamp); e.Stamp == nil {
			return fmt.Sprintf("it left no %q", stamp)
		}
	} else if note := c.storeOutputs(&e, s.outputs()); note != "" {
		return note
	}
	c.store.Save(c.entryKey(s, key), e)
	return ""
}

// storeOutputs stores the outputs, or returns why they are not stored.
func (c *Cache) storeOutputs(e *entry, paths []string) string {
	var err error
	if e.Outputs, err = c.collect(paths); err != nil {
		return err.Error()
	}
	if !c.storeContents(e.Outputs) {
		return "its outputs could not be stored"
	}
	return ""
}

// changedInputs returns the inputs that changed since the fingerprint was taken.
func (c *Cache) changedInputs(f fingerprint) []string {
	names := slices.Collect(maps.Keys(f.Inputs))
	after, err := c.files.index.Hash(names)
	if err != nil {
		return []string{err.Error()}
	}
	return slices.DeleteFunc(slices.Sorted(slices.Values(names)), func(name string) bool {
		sum, there := after[name]
		return there && sum.String() == f.Inputs[name]
	})
}
