package plugins

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
)

// maxInlined is the size of the largest file that is put into a request, in bytes.
const maxInlined = 1 << 20

// Options of a Host. The zero value is a Host without a cache.
type Options struct {
	// CacheDir is the folder for plans and compiled modules, made when something is to be kept; empty for no cache.
	CacheDir string
	// Deadline is how long a plugin may take to answer; 0 is ten seconds.
	Deadline time.Duration
	// Warn is told, once, that the cache cannot be used; nil for nobody.
	Warn func(text string)
	// Now is the system's clock; nil for time.Now. No plugin sees it.
	Now func() time.Time
}

// Host asks plugins. It may be used by several goroutines at once.
type Host struct {
	Options
	instances atomic.Int64
	warned    sync.Once
	mu        sync.Mutex
	engines   map[string]*engine // by digest
}

// Answer is a plan, and where it comes from.
type Answer struct {
	Plan *plan.Plan
	// Reads is all that the plan depends on, sorted by path.
	Reads []tree.Observation
	// From is one of FromMemo, FromInterpreter and FromCompiler.
	From string
	// Took is how long it took to get it.
	Took time.Duration
}

// Where an answer comes from.
const (
	FromMemo        = "memo"        // an earlier answer stands; nothing was run
	FromInterpreter = "interpreter" // the plugin was interpreted
	FromCompiler    = "compiler"    // the plugin was run as machine code
)

// NewHost makes a Host. Close releases what it holds.
func NewHost(o Options) *Host {
	if o.Deadline == 0 {
		o.Deadline = 10 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.CacheDir != "" {
		if full, err := filepath.Abs(o.CacheDir); err == nil {
			o.CacheDir = full
		}
	}
	return &Host{Options: o, engines: map[string]*engine{}}
}

// Close releases the modules that are loaded. Nothing may be running in them.
func (h *Host) Close(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.engines {
		e.close(ctx)
	}
	clear(h.engines)
	return nil
}

// Instances returns how many times a plugin was run, as opposed to remembered.
func (h *Host) Instances() int { return int(h.instances.Load()) }

// Plan asks a plugin about a project. Env are the variables that the project grants, as NAME=value; of them the plugin gets
// those that its manifest asks for. The files of the request are filled in.
//
// The error is an *Error for a fault of the plugin, a *MessageError for one of the project that the plugin found, or the cause of
// ctx.
func (h *Host) Plan(ctx context.Context, m *Module, t *tree.Tree, r plan.Request, env []string) (Answer, error) {
	start := time.Now()
	q := h.question(m, t, r, env)
	if a, ok := h.recall(q); ok {
		a.Took = time.Since(start)
		return a, nil
	}
	seen := t.Record(h.Now())
	q.request.Files = inlined(seen, m.Manifest.Reads)
	raw, from, err := h.run(ctx, q, seen)
	if err != nil {
		return Answer{}, err
	}
	p, err := plan.Parse(raw)
	if err != nil {
		return Answer{}, q.errorf("gave a plan that is not one: %s", clean([]byte(err.Error())))
	}
	reads, err := seen.Observations()
	if err != nil {
		return Answer{}, q.errorf("%v", err)
	}
	h.remember(q, raw, reads)
	return Answer{Plan: p, Reads: reads, From: from, Took: time.Since(start)}, nil
}

// inlined reads the files that a manifest lists. What is not there, is not text or is large is left out.
func inlined(seen *tree.Recorder, names []string) map[string]string {
	var files map[string]string
	for _, name := range names {
		data, ok := readHead(seen, name, maxInlined+1)
		if !ok || len(data) > maxInlined || !utf8.Valid(data) {
			continue
		}
		if files == nil {
			files = map[string]string{}
		}
		files[name] = string(data)
	}
	return files
}
