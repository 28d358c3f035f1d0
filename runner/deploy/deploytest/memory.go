package deploytest

import (
	"context"
	"strings"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/history"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// backend begins the paths of fields that are not common to all backends. A World has the fields of Docker.
const backend = "docker"

// Options of the backend of an environment.
type Options struct {
	// Env is the caller's environment, "NAME=value".
	Env []string
	// Secrets are variables of the Compose files, by name, and Key is what their values are hashed with.
	Secrets map[string]string
	Key     []byte
}

// Memory is one environment on an engine of a World: a deploy.Backend with every capability.
type Memory struct {
	compose.Renderer
	*history.History
	world   *World
	engine  *Engine
	project string // as the engine knows the environment: "shop-dev"
}

var (
	_ deploy.Backend        = (*Memory)(nil)
	_ deploy.Healer         = (*Memory)(nil)
	_ deploy.PortReassigner = (*Memory)(nil)
	_ deploy.ReleaseMirror  = (*Memory)(nil)
	_ deploy.Ephemeral      = (*Memory)(nil)
)

// Backend returns the backend of an environment, on the engine that it names.
func (w *World) Backend(e release.Environment, o Options) *Memory {
	m := &Memory{
		Renderer: compose.Renderer{Environment: e, Env: o.Env, Secrets: o.Secrets, Key: o.Key},
		world:    w, engine: w.Engine(e.Engine), project: e.Instance(),
	}
	m.Renderer.Publish = m.publish
	h := history.Options{Environment: e, Store: records{m}, Images: records{m}, Now: w.Now}
	if name := history.MirrorRepository(e); name != "" {
		h.Repository = repository{w, name}
	}
	m.History = history.New(h)
	return m
}

// Basic returns a backend without its optional capabilities.
func Basic(b deploy.Backend) deploy.Backend { return struct{ deploy.Backend }{b} }

// Close ends the connection.
func (m *Memory) Close() error { return nil }

// Host returns the name of the machine that the engine is on.
func (m *Memory) Host() string { return m.Environment.Machine }

// model returns the canonical model of a release, which its Compose file decides.
func (m *Memory) model(ctx context.Context, r release.Release) (release.Model, error) {
	parsed, err := m.Parse(ctx, r)
	if err != nil {
		return release.Model{}, err
	}
	return parsed.Canonical(m.Key), nil
}

// unseen reports whether a path is of a field that no engine is asked for.
func unseen(path string) bool { return strings.HasPrefix(path, "compose.") }
