package runner

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
)

// CacheOptions are the options of Cached.
type CacheOptions struct {
	// Project is the absolute path of the project's root. It distinguishes this checkout from others that
	// share the store: the records for Explain and the stamps of environments are kept by project, results are not.
	Project string
	// Env is the caller's environment, "NAME=value". All but UncountedVariables are part of the keys of steps
	// on the host; in a container, those that a step declares.
	Env []string
	// Strict says that steps on the host get StrictVariables and declared variables alone.
	Strict bool
	// Ignore are globs of files on which no result of a step on the host depends, whatever its plan says.
	Ignore []string
	// Made are the paths that steps of the project make, besides those of the steps of this run.
	Made []string
	// Programs returns the files of the programs that a step on the host starts, by the name that they have in
	// its command, each with what identifies it. Nil: programs do not count.
	Programs func(Step) map[string]string
	// Version returns the version of the tool of a step on the host, as it is now. Nil: the one that it had when the
	// run was prepared.
	Version func(context.Context, Step) string
	// Installed identifies what is installed, outside of the project, for the program that checks for an
	// environment. Nil: that does not count.
	Installed func(Step) string
	// Locked removes no environment, since nothing is to be installed.
	Locked bool
	// Replay says that a reused step says again what it said when it ran.
	Replay bool
	// Force runs every step, whatever is stored.
	Force bool
	// Images says what images are made of. Without it every image step runs.
	Images Images
	// Now is the clock; nil is the system's.
	Now func() time.Time
}

// A Cache is a Runner that reuses stored results instead of running steps again.
type Cache struct {
	next      Runner
	files     *Files
	store     *cache.Store
	o         CacheOptions
	limit     int64  // of the bytes of one step's outputs
	unique    string // in the names of files that are being restored
	caller    func() map[string]string
	versions  Versions
	steps     map[string]Step
	madePaths []string            // by any step
	needed    map[string][]string // by step, the paths that the steps that it needs make
	shared    map[string]string   // steps that share outputs, each with such another step
	untraced  map[string]string   // steps that depend on an untracked one, and the need by which they do

	mu          sync.Mutex
	keys        map[string]string
	made        map[string]string // by step, a digest of its outputs
	knownImages map[string]bool   // images of which all inputs are known
	finished    []success         // of this run
}

// Cached wraps a Runner so that it does not run a step again of which a successful result is stored under the
// same key. It puts the outputs in place where they are missing or changed, leaves all other files alone, and
// returns the status "cached". docs/results.md says what decides a result.
//
// The result of a step of effect "reads" or "builds" is stored if the step is Cacheable, is neither NoCache
// nor interactive, uses no services and shares none of its outputs with another step. It is not stored if an
// input changed while the step ran, if an output is missing, or if something cannot be known that it depends
// on. Under a key there may be several results, for different ignored files.
//
// Of a step whose outputs stay in an engine only the success is stored: the engine has the outputs, or makes
// them again for the steps that need them. Of an image, too, only the success is stored; it is reused while
// the image store has the image under its names. A step that provides an environment is up to date while what is
// installed in this checkout is as the step left it.
func Cached(r Runner, files *Files, store *cache.Store, o CacheOptions) *Cache {
	if o.Now == nil {
		o.Now = time.Now
	}
	c := &Cache{
		next: r, files: files, store: store, o: o, limit: maxOutputs,
		keys: map[string]string{}, made: map[string]string{}, knownImages: map[string]bool{},
		unique: fmt.Sprintf("%d-%x", os.Getpid(), o.Now().UnixNano()),
	}
	c.caller = sync.OnceValue(c.countVariables)
	return c
}

// Prepare prepares the wrapped Runner and keeps the versions for the keys.
func (c *Cache) Prepare(ctx context.Context, steps []Step) (Versions, error) {
	versions, err := c.next.Prepare(ctx, steps)
	c.versions, c.steps, c.madePaths = versions, map[string]Step{}, slices.Clone(c.o.Made)
	c.needed = map[string][]string{}
	for _, s := range steps {
		c.steps[s.ID] = s
		c.madePaths = append(c.madePaths, s.Made()...)
		for _, need := range s.Plan.Needs { // which come first
			c.needed[s.ID] = slices.Concat(c.needed[s.ID], c.needed[need], c.steps[need].Made())
		}
	}
	slices.Sort(c.madePaths)
	c.madePaths = slices.Compact(c.madePaths)
	c.shared, c.untraced = sharedOutputs(steps), dependsOnUntracked(steps)
	return versions, err
}

// sharedOutputs returns the steps with outputs that another step writes too, each with such a step. Their
// outputs are not stored: those of one step would overwrite those of the other.
func sharedOutputs(steps []Step) map[string]string {
	shared := map[string]string{}
	for i, a := range steps {
		for _, b := range steps[i+1:] {
			if a.provides() == nil && b.provides() == nil && overlap(a.outputs(), b.outputs()) {
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
	l, err := c.lookup(ctx, s)
	if err != nil {
		return unreadableInputs(ctx, err)
	}
	if e, ok := l.findKept(ctx); ok {
		return c.reused(s, e, emit)
	}
	unlock, waited := c.lock(ctx, s, emit)
	defer unlock()
	if waited {
		c.files.changed()
		if l, err = c.lookup(ctx, s); err != nil {
			return unreadableInputs(ctx, err)
		}
	}
	if e, ok := l.reuse(ctx); ok {
		return c.reused(s, e, emit)
	}
	l.warn(emit)
	return c.runAndStore(ctx, l, emit)
}

func unreadableInputs(ctx context.Context, err error) Result {
	if ctx.Err() != nil {
		return Result{Status: ui.StatusCancelled, Reason: "interrupted"}
	}
	return Result{Status: ui.StatusFailed, Reason: "its inputs cannot be read: " + err.Error()}
}

// lock waits for another davit that runs the step in this checkout.
func (c *Cache) lock(ctx context.Context, s Step, emit func(ui.Event)) (unlock func(), waited bool) {
	if !writesProject(s) {
		return func() {}, false
	}
	key, text := cache.Key(c.o.Project, s.ID), "another davit is running it here: waiting for that to end"
	if s.provides() != nil {
		key, text = c.fillKey(s), s.Plan.Provides.Dir+" is being filled: waiting for that to end"
	}
	unlock = c.store.Lock(ctx, key, func() {
		waited = true
		emit(ui.Event{Type: ui.EventWarning, Step: s.ID, Text: text})
	})
	return unlock, waited
}

// reused returns the result of a step that was not run.
func (c *Cache) reused(s Step, e entry, emit func(ui.Event)) Result {
	if len(s.outputs()) > 0 {
		c.setMade(s.ID, outputsDigest(e.Outputs))
	}
	if e.Skipped != "" {
		return Result{Status: ui.StatusSkipped, Reason: e.Skipped}
	}
	if c.o.Replay {
		c.replay(e, emit)
	}
	reports, _ := c.reports(e) // they were there a moment ago, and nothing depends on them
	return Result{Status: ui.StatusCached, Image: e.Image, Tests: e.Tests, Uncounted: e.Uncounted,
		Untested: e.Untested, Reports: reports}
}

// writesProject reports whether a step leaves something that two davits could write at once.
func writesProject(s Step) bool {
	return s.Effect == Builds || s.Effect == Writes || s.Effect == Reads && len(s.Made()) > 0
}

// runAndStore runs a step and stores the result, unless there is a reason why not.
func (c *Cache) runAndStore(ctx context.Context, l *lookup, emit func(ui.Event)) Result {
	s := l.step
	if s.provides() != nil {
		if r, refused := l.refuseToFill(ctx); refused {
			return r
		}
		if err := l.makeAnew(ctx, emit); err != nil {
			return Result{Status: ui.StatusFailed, Exit: 1, Reason: err.Error()}
		}
	}
	was := c.before(ctx, l)
	said := &transcript{}
	network := &networkWatch{}
	r := network.result(s, c.runMarked(ctx, s, network.hear(said.hear(emit))))
	// by an engine, which has a cache of its own
	done, why := r.Status == ui.StatusOK || r.Status == ui.StatusCached, cmp.Or(l.kept, r.Doubt)
	done = done || r.Status == ui.StatusSkipped && s.provides() != nil
	c.noteMade(s, was.outputs)
	if done && why == "" {
		why = c.storeResult(ctx, l, r, was, said)
	}
	if r.Status == ui.StatusFailed || !done && r.Status == ui.StatusSkipped { // what is stored says something else
		c.store.Drop(c.entryKey(s, l.key))
	}
	if done || r.Status == ui.StatusFailed {
		c.record(s, record{Time: c.o.Now(), Status: r.Status, Key: l.key, Note: why, Why: l.why, Tests: r.Tests, Fingerprint: l.f})
	}
	return r
}

// runMarked runs a step. While it fills an environment, the mark of an unfinished one is stored in the place of its
// stamp, and stays if the step does not end by itself.
func (c *Cache) runMarked(ctx context.Context, s Step, emit func(ui.Event)) Result {
	if s.provides() == nil {
		return c.next.Run(ctx, s, emit)
	}
	c.store.Save(c.entryKey(s, ""), entries{[]entry{{Unfinished: true}}})
	r := c.next.Run(ctx, s, emit)
	if r.Status != ui.StatusCancelled {
		c.store.Drop(c.entryKey(s, ""))
	}
	return r
}

// before is what was there when a step began.
type before struct {
	outputs []output
	stamps  map[string]tree.Stamp // of the inputs
	ignored ignoredBefore
}

func (c *Cache) before(ctx context.Context, l *lookup) before {
	outputs, _ := c.describe(l.step.outputs()) // without it nothing is stored, and nothing replaced later
	return before{outputs, c.files.tree.Stamps(l.f.files), c.lookAtIgnored(ctx, l.step)}
}

// noteMade remembers what a step left, whether or not it succeeded. What was there before, and is as it was,
// belongs to whoever it belonged to.
func (c *Cache) noteMade(s Step, before []output) {
	if s.provides() != nil || len(s.outputs()) == 0 {
		return
	}
	left, err := c.describe(s.outputs())
	if err != nil {
		return
	}
	c.setMade(s.ID, outputsDigest(left))
	was, known := byPath(before), c.loadMade(s)
	c.saveMade(s, slices.DeleteFunc(left, func(o output) bool {
		return was[o.Path] == o && known[o.Path] != o.Sum
	}))
}

func (c *Cache) setKey(id, key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keys[id] = key
}

func (c *Cache) setMade(id, digest string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made[id] = digest
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
		return cmp.Or(s.Plan.NoCacheWhy, "its plan says that its result depends on more than davit can see")
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
	return s.Effect == Builds && (s.Plan.NoCache || !s.Cacheable) && len(s.outputs()) == 0 && s.provides() == nil
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
func (c *Cache) storeResult(
	ctx context.Context, l *lookup, r Result, was before, said *transcript,
) string {
	s := l.step
	if changed := c.changedWhileItRan(ctx, l, was.stamps); len(changed) > 0 {
		return "something changed while it ran: " + strings.Join(changed, "; ")
	}
	e := entry{Time: c.o.Now(), Key: l.key, Image: r.Image, States: l.statesFound(), Tests: r.Tests, Uncounted: r.Uncounted,
		Untested: r.Untested}
	e.Complete, e.Tracked = c.clean(ctx, was.outputs)
	if r.Image != "" {
		if e.Stored = c.o.Images.Stored(ctx, s); e.Stored == "" {
			return "its image has other names in the store"
		}
	}
	if s.provides() != nil {
		if note := c.storeStamp(ctx, &e, s, r, was.ignored); note != "" {
			return note
		}
	} else if note := c.storeOutputs(&e, s.outputs()); note != "" {
		return note
	}
	var stored bool
	if e.Reports, stored = c.storeReports(r.Reports); !stored {
		return "its reports could not be stored"
	}
	e.Said = said.store(c.store)
	c.save(s, e)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.finished = append(c.finished, success{l, e})
	return ""
}

// storeStamp stores what an environment says of itself after the step, or returns why it is not stored.
func (c *Cache) storeStamp(ctx context.Context, e *entry, s Step, r Result, was ignoredBefore) (note string) {
	if r.Status == ui.StatusSkipped {
		e.Skipped = r.Reason
	} else if !c.exists(s.Plan.Provides.Dir) {
		return fmt.Sprintf("it left no %q", s.Plan.Provides.Dir)
	}
	var err error
	if e.Stamp, err = c.installed(s); err != nil {
		return err.Error()
	}
	e.Linked = c.linkedFolders(s)
	e.Written, note = c.writtenBy(ctx, s, was)
	return note
}

// storeOutputs stores the outputs, or returns why they are not stored. The contents of those of a run that did
// not begin clean are not stored.
func (c *Cache) storeOutputs(e *entry, paths []string) string {
	var err error
	if e.Outputs, err = c.collect(paths); err != nil {
		return err.Error()
	}
	if e.Complete && !c.storeContents(e.Outputs) {
		return "its outputs could not be stored"
	}
	return ""
}

// changedWhileItRan returns what the result depends on and that was changed since the lookup, also if it was
// changed back: nobody knows which of the two the step has seen.
func (c *Cache) changedWhileItRan(ctx context.Context, l *lookup, stamps map[string]tree.Stamp) []string {
	c.files.changed()
	after, err := c.fingerprint(ctx, l.step)
	if err != nil {
		return []string{err.Error()}
	}
	if after.key() != l.key {
		return after.differences(l.f)
	}
	if l.step.provides() != nil {
		return nil // a manager may write its lock file again as it was
	}
	var touched []string
	for name, now := range c.files.tree.Stamps(l.f.files) {
		if now != stamps[name] {
			touched = append(touched, name)
		}
	}
	if len(touched) > 0 {
		slices.Sort(touched)
		return []string{"changed and changed back: " + abbreviate(touched)}
	}
	return nil
}

// A success is a result of this run that was stored.
type success struct {
	l *lookup
	e entry
}

// Finish adds to the results of a run that it left the ignored files as they are now. It is called when all
// steps have ended.
func (c *Cache) Finish(ctx context.Context) {
	if len(c.finished) > 0 {
		c.files.changed()
	}
	for _, done := range c.finished {
		c.finish(ctx, done)
	}
	c.finished = nil
}

func (c *Cache) finish(ctx context.Context, done success) {
	l := done.l
	if len(done.e.Written) > 0 {
		c.accept(ctx, done.e.Written)
		c.save(l.step, done.e)
	}
	v, err := c.files.now(ctx)
	if l.f.Ignored == nil || err != nil {
		return
	}
	left := fingerprint{Inputs: l.f.Inputs}
	in := &inputReader{Cache: c, view: v, step: l.step, f: &left}
	if in.addIgnored(ctx) != nil {
		return // the result is good for the files as the step found them
	}
	done.e.States = union([]string{digest(left.Ignored)}, done.e.States)
	c.save(l.step, done.e)
	if last, ok := c.lastRecord(l.step.ID, time.Time{}); ok && last.Key == l.key {
		last.Fingerprint.Ignored = left.Ignored
		c.record(l.step, last)
	}
}
