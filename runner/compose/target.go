package compose

import (
	"sync"
	"time"

	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/release"
)

// Options of an environment.
type Options struct {
	// Client is a connection to the engine. Close closes it.
	Client      client.APIClient
	Environment release.Environment
	// Env is the caller's environment, "NAME=value".
	Env []string
	// Now is the clock; nil is that of the system.
	Now func() time.Time
	// Secrets are variables of the Compose files with values that nobody is to see, by name.
	Secrets map[string]string
	// Key is what values that come from secrets are hashed with.
	Key []byte
}

// Target is a runner.Target.
type Target struct {
	Options
	engine   client.APIClient
	project  string            // as the engine knows it: "shop-staging"
	lost     []release.Release // what only the registry has, the newest first
	releases sync.Map          // releases that have been read, by the ids of their images
}

// New returns an environment. Nothing is asked of its engine yet.
func New(o Options) *Target {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Target{Options: o, engine: o.Client, project: o.Environment.Instance()}
}

// Close ends the connection to the engine.
func (t *Target) Close() error { return t.engine.Close() }

// Host is the name of the machine that the engine is on; empty for this one.
func (t *Target) Host() string { return t.Environment.Machine }
