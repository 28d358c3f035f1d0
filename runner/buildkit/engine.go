package buildkit

import (
	"context"

	"github.com/moby/buildkit/client"
	docker "github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner"
)

// Engine is a container engine that is looked for when it is first needed.
type Engine struct {
	request runner.EngineRequest
}

var _ runner.Engine = (*Engine)(nil)

// New returns the engine that is asked for.
func New(r runner.EngineRequest) runner.Engine { return &Engine{request: r} }

// connection is an engine that answered.
type connection struct {
	*client.Client
	// docker is the engine around the BuildKit, or one beside it that images can be loaded into; nil where there is none.
	docker *docker.Client
	// embedded says that the BuildKit is the one inside the Docker engine.
	embedded bool
	info     runner.EngineInfo
}

// connect finds the engine, once.
func (e *Engine) connect(ctx context.Context) (*connection, error) {
	c, err := client.New(ctx, e.request.Address)
	return &connection{Client: c}, err
}

// Describe asks the engine what it is.
func (e *Engine) Describe(ctx context.Context) (runner.EngineInfo, error) {
	c, err := e.connect(ctx)
	if err != nil {
		return runner.EngineInfo{}, err
	}
	return c.info, nil
}

// Pin resolves references to digests.
func (e *Engine) Pin(ctx context.Context, refs []string) (map[string]string, error) {
	_, err := e.connect(ctx)
	return nil, err
}

// Containers returns a Runner for one project.
func (e *Engine) Containers(o runner.ContainerOptions) runner.Containers {
	return &Runner{engine: e, o: o}
}
