package buildkit

import (
	"context"
	"sync"

	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/engine"
)

// An Engine is a container engine that is looked for when it is first needed.
type Engine struct {
	request runner.EngineRequest

	mu   sync.Mutex
	conn *engine.Connection
	err  error
}

var _ runner.Engine = (*Engine)(nil)

// New returns the engine of a request. It is not looked for yet.
func New(r runner.EngineRequest) runner.Engine { return &Engine{request: r} }

// connect finds the engine once; it may be called by several goroutines. After a failure it does not look
// again.
func (e *Engine) connect(ctx context.Context) (*engine.Connection, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.conn != nil || e.err != nil {
		return e.conn, e.err
	}
	conn, err := engine.Find(ctx, e.request)
	if ctx.Err() != nil { // interrupted, which says nothing about the engine
		return nil, context.Cause(ctx)
	}
	e.conn, e.err = conn, err
	return conn, err
}

// Describe returns what the engine is and what it can do.
func (e *Engine) Describe(ctx context.Context) (runner.EngineInfo, error) {
	c, err := e.connect(ctx)
	if err != nil {
		return runner.EngineInfo{}, err
	}
	return c.Describe(ctx)
}

// Pin resolves references to digests. With no references it needs no engine.
func (e *Engine) Pin(ctx context.Context, refs []string) (map[string]string, error) {
	if len(refs) == 0 {
		return map[string]string{}, nil
	}
	c, err := e.connect(ctx)
	if err != nil {
		return nil, err
	}
	return c.Pin(ctx, refs)
}

// Containers returns a Runner for one project.
func (e *Engine) Containers(o runner.ContainerOptions) runner.Containers {
	return &Runner{engine: e, o: o}
}
