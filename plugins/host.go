package plugins

import (
	"cmp"
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
)

// maxInlined is the size of the largest file that is inlined in a request, in bytes.
const maxInlined = 1 << 20

// Options configure a Host. The zero value is a Host without a cache.
type Options struct {
	// CacheDir is the folder for plans and compiled modules. It is created when it is needed; empty means no
	// cache.
	CacheDir string
	// Time is how much processor time a plugin may take to answer; 0 is ten seconds. How busy the machine is
	// makes no difference to it.
	Time time.Duration
	// Wait is how long a plugin is waited for that does not get its processor time; 0 is five minutes.
	Wait time.Duration
	// Entries is how many files and folders a plugin may list; 0 is no limit.
	Entries int
	// Warn is called once if the cache cannot be used; it may be nil.
	Warn func(text string)
	// Now returns the time of the host; nil is time.Now. Plugins do not see it.
	Now func() time.Time
}

// A Host runs plugins. It may be used by several goroutines at once.
type Host struct {
	Options
	interpreted time.Duration // processor time, after which a plugin is compiled
	instances   atomic.Int64
	reserves    bool // addresses for all memory that a plugin may have, which is then never copied
	warned      sync.Once
	mu          sync.Mutex
	engines     map[string]*engine // by digest
	processes   chan struct{}      // one for each process that runs a plugin
}

// An Answer is a plan and its origin.
type Answer struct {
	Plan *plan.Plan
	// Reads are all reads of the project that the plan depends on, sorted by path.
	Reads []tree.Observation
	// Said is what the plugin wrote to standard error, made harmless to print.
	Said string
	// From is one of FromMemo, FromInterpreter and FromCompiler.
	From string
	// Took is how long the answer took.
	Took time.Duration
}

// The origins of an answer.
const (
	FromMemo        = "memo"        // an earlier answer is still valid; nothing was run
	FromInterpreter = "interpreter" // the plugin was interpreted
	FromCompiler    = "compiler"    // the plugin ran as machine code
)

// NewHost returns a Host. Close releases its modules.
func NewHost(o Options) *Host {
	o.Time, o.Wait = cmp.Or(o.Time, maxTime), cmp.Or(o.Wait, maxWait)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.CacheDir != "" {
		if full, err := filepath.Abs(o.CacheDir); err == nil {
			o.CacheDir = full
		}
	}
	return &Host{Options: o, interpreted: maxInterpreted, engines: map[string]*engine{},
		processes: make(chan struct{}, maxProcesses)}
}

// Close releases the loaded modules. No call of Plan may be running.
func (h *Host) Close(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.engines {
		e.close(ctx)
	}
	clear(h.engines)
	return nil
}

// Instances returns how many times a plugin was run. Memoised answers do not count.
func (h *Host) Instances() int { return int(h.instances.Load()) }

// Plan returns the plan of a plugin for a project. It fills in the files of the request. The variables in
// env, as NAME=value, are those that the project grants; the plugin gets the ones that its manifest asks for.
//
// The error is an *Error for a fault of the plugin, a *MessageError for a fault of the project that the
// plugin found, a *BusyError or a *LargeError if it could not get as far as that, or the cause of ctx.
func (h *Host) Plan(
	ctx context.Context, m *Module, t *tree.Tree, r plan.Request, env []string,
) (Answer, error) {
	start := time.Now()
	q := h.question(m, t, r, env)
	if a, ok := h.recall(q); ok {
		a.Took = time.Since(start)
		return a, nil
	}
	answer := h.isolate
	if m.trusted {
		answer = h.evaluate
	}
	e, from, err := answer(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	p, err := plan.Parse(e.raw)
	if err != nil {
		return Answer{}, q.fault("gave an invalid plan: %s", clean([]byte(err.Error())))
	}
	h.remember(q, e)
	return Answer{Plan: p, Reads: e.reads, Said: e.said, From: from, Took: time.Since(start)}, nil
}

// evaluate answers a question in this process.
func (h *Host) evaluate(ctx context.Context, q *question) (e *entry, from string, err error) {
	seen := q.tree.Record(h.Now())
	q.request.Files = inlined(seen, q.Manifest.Reads)
	e = &entry{key: q.key}
	if from, err = h.run(ctx, q, seen, e); err != nil {
		return nil, "", err
	}
	if e.reads, err = seen.Observations(); err != nil {
		return nil, "", q.fault("%v", err)
	}
	return e, from, nil
}

// inlined returns the content of the files that a manifest lists. It leaves out files that do not exist, are
// not text or are large.
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
