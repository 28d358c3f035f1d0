package docker

import (
	"time"

	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/docker/images"
	"github.com/davit-dev/davit/runner/deploy/docker/lock"
	"github.com/davit-dev/davit/runner/deploy/docker/logs"
	"github.com/davit-dev/davit/runner/deploy/docker/records"
	"github.com/davit-dev/davit/runner/deploy/history"
	"github.com/davit-dev/davit/runner/deploy/release"
	"github.com/davit-dev/davit/runner/engine"
	"github.com/davit-dev/davit/runner/registry"
)

// backendName begins the paths of the fields that only Docker has.
const backendName = "docker"

// Options describe an environment.
type Options struct {
	// Client is a connection to the engine. Close closes it.
	Client      client.APIClient
	Environment release.Environment
	// Env is the caller's environment, "NAME=value".
	Env []string
	// Offline forbids asking registries for images.
	Offline bool
	// Now is the clock; nil is that of the system.
	Now func() time.Time
	// Secrets are variables of the Compose files whose values nobody is to see, by name.
	Secrets map[string]string
	// Key is what secret values are hashed with in the place of the key of the environment; nil for that.
	Key []byte
	// Seen remembers which records this machine has seen; nil remembers nothing.
	Seen history.SeenStore
}

// A Backend is a deploy.Backend on a Docker engine, with every capability. The parts that need no Compose
// model are in packages of their own.
type Backend struct {
	Options
	*history.History
	*lock.Locker
	*logs.Reader
	records    *records.Store
	images     images.Store
	quarantine quarantine
	engine     client.APIClient
	project    string // as the engine knows it: "shop-staging"
	values     *compose.Values
	keys       compose.Keys
	clientTime clientTime
}

// New returns the backend of an environment. It asks the engine nothing yet.
func New(o Options) *Backend {
	if o.Now == nil {
		o.Now = time.Now
	}
	i := images.New(o.Client, o.Env)
	i.Offline = o.Offline
	store := records.New(i, o.Environment)
	h := history.Options{Environment: o.Environment, Store: store, Images: store, Now: o.Now,
		Seen: o.Seen}
	if name := history.MirrorRepository(o.Environment); name != "" {
		h.Repository = registry.Repository{Name: name, DockerConfig: engine.DockerConfigDir(o.Env)}
	}
	b := &Backend{
		Options: o, Locker: lock.New(i, o.Environment, o.Now), records: store,
		images: i, engine: o.Client,
		project: o.Environment.Instance(), values: &compose.Values{}, clientTime: usualClientTime,
	}
	b.keys = keysOf(h, o.Key)
	h.DeriveModel = b.DeriveModel
	b.History = history.New(h)
	b.quarantine = quarantine{o.Client, b.project, o.Now}
	b.Reader = logs.New(o.Client, o.Environment, o.Now, b.containers)
	return b
}

// keysOf returns the keys of an environment. An ephemeral one keeps none.
func keysOf(h history.Options, given []byte) compose.Keys {
	if h.Environment.Ephemeral != nil {
		return compose.StaticKey(release.NewKey().Secret)
	}
	return history.NewKeys(h, given)
}

// Close ends the connection to the engine, once it is no longer used.
func (b *Backend) Close() error {
	b.Settle()
	return b.engine.Close()
}

// Host returns the name of the machine that the engine is on; empty for this one.
func (b *Backend) Host() string { return b.Environment.Machine }
