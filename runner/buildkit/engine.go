package buildkit

import (
	"context"
	"errors"
	"sync"

	"github.com/moby/buildkit/client"
	docker "github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner"
)

// Engine is a container engine that is looked for when it is first needed.
type Engine struct {
	request runner.EngineRequest

	mu   sync.Mutex
	conn *connection
	err  error
}

var _ runner.Engine = (*Engine)(nil)

// New returns the engine that is asked for.
func New(r runner.EngineRequest) runner.Engine { return &Engine{request: r} }

// connection is an engine that answered. It stays open until davit ends.
type connection struct {
	*client.Client
	// docker is the engine around the BuildKit; nil where BuildKit stands alone. Whoever wants to load images into a store asks
	// loader, which also looks for a Docker engine beside.
	docker *docker.Client
	// embedded says that the BuildKit is the one inside the Docker engine.
	embedded bool
	// info lacks the abilities, which cost a question more: those are Describe's. Ask has for one of them.
	info runner.EngineInfo

	env    environ
	beside lazy[*docker.Client]
	known  lazy[capabilities]
}

// connect finds the engine, once; it may be called from several goroutines. What could not be found is not looked for again.
func (e *Engine) connect(ctx context.Context) (*connection, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.conn != nil || e.err != nil {
		return e.conn, e.err
	}
	conn, err := search(ctx, e.request)
	if ctx.Err() != nil { // interrupted, which says nothing about the engine
		return nil, context.Cause(ctx)
	}
	e.conn, e.err = conn, err
	return conn, err
}

// search tries each place where an engine may be, and takes the first one that answers.
func search(ctx context.Context, r runner.EngineRequest) (*connection, error) {
	env := newEnviron(r.Env)
	places, err := discover(r.Address, env)
	if err != nil {
		return nil, err
	}
	none := &NoEngineError{}
	for _, p := range places {
		if r.Offline && !p.local(env) {
			return nil, remote(p)
		}
		conn, err := p.dial(ctx, env)
		if err == nil {
			return conn, nil
		}
		none.Tried = append(none.Tried, Attempt{p, reason(err)})
	}
	return nil, none
}

// Containers returns a Runner for one project.
func (e *Engine) Containers(o runner.ContainerOptions) runner.Containers {
	return &Runner{engine: e, o: o}
}

// lazy is a value that is found when it is first asked for. What could not be found, since the caller was interrupted, is asked
// for again.
type lazy[T any] struct {
	mu    sync.Mutex
	found bool
	value T
}

func (l *lazy[T]) get(find func() (T, error)) (T, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.found {
		return l.value, nil
	}
	value, err := find()
	if errors.Is(err, context.Canceled) {
		return value, err
	}
	l.value, l.found = value, err == nil
	return value, err
}
