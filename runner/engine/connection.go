package engine

import (
	"github.com/moby/buildkit/client"
	docker "github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner"
)

// Connection is an engine that answered. It stays open until davit ends, and serves several goroutines.
type Connection struct {
	*client.Client
	// Docker is the engine around the BuildKit; nil where BuildKit stands alone. Who wants to load images into a store asks Loader,
	// which also looks for a Docker engine beside.
	Docker *docker.Client
	// Embedded says that the BuildKit is the one inside the Docker engine.
	Embedded bool
	// Info lacks the abilities, which cost a question more: those are Describe's. Ask Has for one of them.
	Info runner.EngineInfo

	env          environ
	nearbyDocker lazy[*docker.Client]
	caps         lazy[capabilities]
	layouts      lazy[bool]
}
