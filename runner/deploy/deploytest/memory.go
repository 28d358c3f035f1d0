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
	// Secrets are variables of the Compose files, by name, and Key is what their values are hashed with; nil for the
	// key of the environment.
	Secrets map[string]string
	Key     []byte
	// Keys are those of another davit; nil for today's.
	Keys compose.Keys
	// Seen remembers which records a machine has seen; nil remembers nothing.
	Seen history.SeenStore
	// Step is called before each change of the engine and of the records; nil is nothing. A davit that is killed there
	// does not return from it.
	Step func()
}

// Memory is one environment on an engine of a World: a deploy.Backend with every capability.
type Memory struct {
	compose.Renderer
	*history.History
	world   *World
	engine  *Engine
	project string // as the engine knows the environment: "shop-dev"
	step    func()
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
		Renderer: compose.Renderer{Environment: e, Env: o.Env, Secrets: o.Secrets,
			Values: &compose.Values{}},
		world: w, engine: w.Engine(e.Engine), project: e.Instance(), step: o.Step,
	}
	if m.step == nil {
		m.step = func() {}
	}
	m.Renderer.Publish, m.Renderer.Containers = m.publish, m.live
	h := history.Options{Environment: e, Store: records{m}, Images: records{m}, Now: w.Now,
		DeriveModel: m.DeriveModel, Seen: o.Seen}
	if m.Keys = o.Keys; m.Keys == nil {
		m.Keys = history.NewKeys(h, o.Key)
	}
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

// Learn has a function get the values of secrets as the backend sees them.
func (m *Memory) Learn(learn func(value string)) { m.Values.Learn(learn) }

// see passes on the values of secrets of containers.
func (m *Memory) see(containers []*container) {
	var all []compose.Container
	for _, c := range containers {
		all = append(all, c.has)
	}
	m.Values.SeeIn(m.Environment.SecretNames, all)
}

// live returns what the containers of the environment have, those that were quarantined too.
func (m *Memory) live(ctx context.Context) (all []compose.Container, err error) {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	own := m.own()
	for _, c := range m.engine.containers {
		if own.hasContainer(c) && c.service != "" {
			all = append(all, c.has)
		}
	}
	return all, ctx.Err()
}

// unseen reports whether a path is of a field that no engine is asked for.
func unseen(path string) bool { return strings.HasPrefix(path, "compose.") }
