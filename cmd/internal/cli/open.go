package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// open reads the project that davit was called in.
func (c *call) open(ctx context.Context) (*app.Project, error) {
	dir := c.Dir
	if c.options.Directory != "" {
		dir = c.absolute(c.options.Directory)
	}
	o := app.Options{
		Dir: dir, Environ: c.Environ, Cache: c.Cache, Streams: c.Streams, Offline: c.options.Offline,
		Warn:  func(text string) { c.Streams.Warning(text, "") },
		Trace: c.trace(),
	}
	if c.Engine != nil {
		o.Engine = c.Engine(c.engineRequest())
	}
	if c.Targets != nil {
		o.Targets, o.Builders = c.target, c.builder
	}
	return app.Open(ctx, o)
}

// target finds the way to the engine of an environment; --engine says another one than project.toml.
func (c *call) target(ctx context.Context, e release.Environment, secrets map[string]string) (deploy.Target, error) {
	return c.Targets(ctx, c.dockerRequest(e), e, secrets)
}

// builder is what builds images where an environment is: in its engine, which then has them.
func (c *call) builder(e release.Environment) runner.Engine { return c.Engine(c.dockerRequest(e)) }

// dockerRequest says which engine an environment is on. A BuildKit of its own runs no containers, so that its variable is left out.
func (c *call) dockerRequest(e release.Environment) runner.EngineRequest {
	r := c.engineRequest()
	if r.Address == "" {
		r.Address = e.Engine
	}
	r.Env = slices.DeleteFunc(slices.Clone(r.Env), func(pair string) bool { return strings.HasPrefix(pair, "BUILDKIT_HOST=") })
	return r
}

// trace prints what davit did, for --verbose.
func (c *call) trace() func(format string, args ...any) {
	if !c.options.Verbose {
		return func(string, ...any) {}
	}
	return func(format string, args ...any) {
		fmt.Fprintln(c.Streams.Err, c.Streams.ErrStyle().Dim("davit: "+fmt.Sprintf(format, args...)))
	}
}

// absolute is a path as the caller means it; empty stays empty.
func (c *call) absolute(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.Dir, path)
}
