package deploy

import (
	"context"
	"io"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Target is one environment on its engine. Only davit-engine links what has one. Errors that mean that nothing was changed have an
// exit code of their own: 2 for what is not there or not possible, 4 for what is refused.
type Target interface {
	// Render loads the Compose files. Nothing is asked of the engine.
	Render(ctx context.Context) (*Rendered, error)
	// Pull brings an image of a registry to the engine, by digest if the reference has one. Anew asks the registry even if the engine has
	// an image of that name.
	Pull(ctx context.Context, ref string, anew bool, emit func(ui.Event)) (release.Image, error)
	// Image is one that the engine has, by its name or its id; nil where it has none.
	Image(ctx context.Context, name string) (*release.Image, error)
	// Send brings an image from another environment, over the connections of both.
	Send(ctx context.Context, from Target, i release.Image, emit func(ui.Event)) error
	// Desired is the canonical model with these images, by service, and the Compose model that a release keeps.
	Desired(ctx context.Context, images map[string]release.Image) (release.Model, []byte, error)
	// Live is what the engine has. It takes its time: to find what containers have changed, an engine goes through all of their files.
	Live(ctx context.Context) (release.Observed, error)
	// Glance is Live without the files that containers have changed, for whom these do not matter.
	Glance(ctx context.Context) (release.Observed, error)
	// Conflicts are what others have that the model wants for itself: a port, a name.
	Conflicts(ctx context.Context, m release.Model) ([]release.Conflict, error)
	// ReassignPorts is a release in which the engine chooses the ports that others have.
	ReassignPorts(ctx context.Context, r release.Release, taken []release.Conflict) (release.Release, error)
	// Releases are the records of the environment, the newest first.
	Releases(ctx context.Context) ([]release.Release, error)
	// Record keeps a release, or how it ended.
	Record(ctx context.Context, r release.Release) error
	// PruneReleases removes the oldest releases but for so many, and what only they need.
	PruneReleases(ctx context.Context, keep int) error
	// Lock keeps others out until the lease is given back, or is lost. A *Locked error says who is in.
	Lock(ctx context.Context, o LockOptions) (*Lease, error)
	// Apply makes the engine have what a release says, and waits until it is healthy. Volumes are deleted only if that is asked for.
	Apply(ctx context.Context, p release.Plan, r release.Release, o ApplyOptions) error
	// Ready is why a release cannot be applied here, such as a variable that is missing, and why no containers like those that it has can be
	// made for some services: a secret is another one now. Nothing is asked of the engine.
	Ready(ctx context.Context, r release.Release, services []string) error
	// Heal sets aside what is ill and has fresh containers of a release take its place. What is well is not touched.
	Heal(ctx context.Context, d release.Diagnosis, r release.Release, o HealOptions) error
	// RecordRepair keeps the record of a heal, and forgets the oldest but for so many. Repairs are these records, the newest first.
	RecordRepair(ctx context.Context, r release.Repair, keep int) error
	ListRepairs(ctx context.Context) ([]release.Repair, error)
	// Destroy removes the containers and the networks, and the volumes if that is asked for. Releases stay.
	Destroy(ctx context.Context, volumes bool, emit func(ui.Event)) error
	Inspector
	ReleaseMirror
	Ephemeral
	io.Closer
}

// Rendered is what the Compose files say before any image is known.
type Rendered struct {
	// Builds are the services that are built from a Dockerfile, and Pulls the references of those that are not, by service.
	Builds map[string]release.Build
	Pulls  map[string]string
	// AlwaysPull are the services whose images a registry is to be asked for each time.
	AlwaysPull map[string]bool
	// Ignored are sentences about what is in the files and has no effect, each with its path.
	Ignored []string
	// SharedResources are sentences about what environments on one engine would have in common.
	SharedResources []string
}

// ApplyOptions of a deploy.
type ApplyOptions struct {
	Timeout time.Duration
	Volumes bool
	// Insist goes on with the other services when one fails: on the way back each that works is better than none.
	Insist bool
	Emit   func(ui.Event)
}

// HealOptions of a heal.
type HealOptions struct {
	ApplyOptions
	// Keep is how many containers of each service stay set aside.
	Keep int
}
