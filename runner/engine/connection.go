package engine

import (
	"github.com/moby/buildkit/client"
	docker "github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner"
)

// A Connection is a connection to an engine that has answered. It stays open until davit ends, and is safe
// for concurrent use.
type Connection struct {
	*client.Client
	// Docker is the engine around the BuildKit; nil for a buildkitd of its own. To load images into a store
	// use Loader, which also looks for a Docker engine nearby.
	Docker *docker.Client
	// Embedded is true for the BuildKit inside a Docker engine.
	Embedded bool
	// Info lacks the abilities, which cost a request: use Describe for all of them, or Has for one.
	Info runner.EngineInfo

	env          environ
	nearbyDocker lazy[*docker.Client]
	caps         lazy[capabilities]
	layouts      lazy[bool]
}
