package deploy

import "context"

// Ephemeral is what an environment does for one run of tests, of which nothing is to stay: one with a release.Trial. Apply has it up and
// Destroy takes all of it away, at once.
type Ephemeral interface {
	// Endpoints are the ports of the services that tests use. The first of a service is the first that the Compose files name.
	Endpoints(ctx context.Context) ([]Endpoint, error)
	// PruneStale removes what others have left on the engine that were killed.
	PruneStale(ctx context.Context) error
}

// Endpoint is a port of a service.
type Endpoint struct {
	Service  string
	Port     int
	Protocol string // tcp, udp
	// Host is where programs of this machine find it, and Contained where steps in containers do: "127.0.0.1:32768".
	Host, Contained string
}
