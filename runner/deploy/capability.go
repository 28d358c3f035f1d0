package deploy

import (
	"context"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A Healer is a backend that can replace single containers.
type Healer interface {
	// Heal quarantines unhealthy and drifted containers and replaces them with fresh ones of the release.
	// Healthy ones are not touched.
	Heal(ctx context.Context, d release.Diagnosis, r release.Release, o HealOptions) error
}

// A PortReassigner is a backend that can choose ports of its machine by itself.
type PortReassigner interface {
	// ReassignPorts returns the release with the ports that others hold left to the choice of the backend.
	ReassignPorts(ctx context.Context, r release.Release, held []release.Conflict) (release.Release, error)
}

// A ReleaseMirror is a backend that can copy its releases to a registry, where they outlive it.
type ReleaseMirror interface {
	// Mirror copies to the registry the releases that it lacks, and removes all but the newest there.
	Mirror(ctx context.Context, keep int, emit func(ui.Event)) error
}

// An Ephemeral backend can run services for one run of tests, in an environment with a release.Ephemeral.
// Apply starts it and Destroy removes everything that it had.
type Ephemeral interface {
	// Endpoints returns the ports of the services that tests use. The first of a service is the first that
	// the Compose files name.
	Endpoints(ctx context.Context) ([]Endpoint, error)
	// PruneStale removes the ephemeral environments of davits that were killed.
	PruneStale(ctx context.Context) error
}

// An Endpoint is a port of a service.
type Endpoint struct {
	Service  string
	Port     int
	Protocol string // tcp, udp
	// Host is the address for programs on this machine, and Contained the one for steps in containers:
	// "127.0.0.1:32768".
	Host, Contained string
}
