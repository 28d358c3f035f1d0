package buildkit

import (
	"context"

	"github.com/moby/buildkit/client"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/moby/buildkit/util/apicaps"

	"github.com/davit-dev/davit/runner"
)

// capabilities are what a BuildKit says that it understands: in definitions of builds, and in its gateway.
type capabilities struct{ llb, gateway apicaps.CapSet }

// has tells whether the engine understands something, by its id in solver/pb or frontend/gateway/pb. The first call asks the
// engine; it may come from several goroutines.
func (c *connection) has(ctx context.Context, id apicaps.CapID) (bool, error) {
	known, err := c.known.get(func() (capabilities, error) { return c.capabilities(ctx) })
	if err != nil {
		return false, err
	}
	return known.llb.Supports(id) == nil || known.gateway.Supports(id) == nil, nil
}

// capabilities asks by a build of nothing, since an engine tells them to builds only.
func (c *connection) capabilities(ctx context.Context) (known capabilities, err error) {
	_, err = c.Build(ctx, client.SolveOpt{}, "", func(_ context.Context, g gateway.Client) (*gateway.Result, error) {
		o := g.BuildOpts()
		known = capabilities{o.LLBCaps, o.Caps}
		return gateway.NewResult(), nil
	}, nil)
	return known, err
}

// Describe asks the engine what it is.
func (e *Engine) Describe(ctx context.Context) (runner.EngineInfo, error) {
	c, err := e.connect(ctx)
	if err != nil {
		return runner.EngineInfo{}, err
	}
	return c.info, nil
}
