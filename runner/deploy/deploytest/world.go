package deploytest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A World has engines, registries and a clock. Its lock guards everything that is in it.
type World struct {
	mu       sync.Mutex
	now      time.Time
	serial   int
	engines  map[string]*Engine
	registry map[string]map[string]artifact // by repository, and by tag or digest
	down     error                          // why no registry answers
	changed  chan struct{}                  // closed by the next change
}

// NewWorld returns a world without any engine.
func NewWorld() *World {
	return &World{
		now: time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC), engines: map[string]*Engine{},
		registry: map[string]map[string]artifact{},
		changed:  make(chan struct{}),
	}
}

// Engine returns the engine of an address, as Environment.Engine has it. It is made when it is asked for
// first.
func (w *World) Engine(address string) *Engine {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.engines[address] == nil {
		w.engines[address] = newEngine(w)
	}
	return w.engines[address]
}

// Open returns the backend of an environment, as cmd/internal/deploy asks for one.
func (w *World) Open(_ context.Context, e release.Environment) (deploy.Backend, error) {
	return w.Backend(e, Options{}), nil
}

// Now returns the time. It is a millisecond later each time, so that nothing happens at the same time as
// something else.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.tick()
}

func (w *World) tick() time.Time {
	w.now = w.now.Add(time.Millisecond)
	return w.now
}

// Advance lets time pass. Whoever holds a lock renews it meanwhile, unless the lock is abandoned.
func (w *World) Advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
	for _, e := range w.engines {
		e.renewLocks()
	}
}

// next returns an identifier that nothing else has.
func (w *World) next() string {
	w.serial++
	return hash(w.serial)
}

// notify wakes whoever waits for a change.
func (w *World) notify() {
	close(w.changed)
	w.changed = make(chan struct{})
}

// wait waits for the next change. It is called with the lock held, and gives it away meanwhile.
func (w *World) wait(ctx context.Context) error {
	changed := w.changed
	w.mu.Unlock()
	defer w.mu.Lock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-changed:
		return ctx.Err()
	}
}

// hash returns the same text for the same value.
func hash(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		text = fmt.Append(nil, v)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
