package deploy

import (
	"context"
	"io"
	"maps"
	"slices"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// A Backend is one environment on whatever runs it.
type Backend interface {
	Renderer
	Observer
	Applier
	ReleaseStore
	Locker
	ImageSource
	Inspector
	io.Closer
}

// A Renderer turns the Compose files of the environment, or of a release, into a desired model. It changes
// nothing.
type Renderer interface {
	// Render loads the Compose files and returns which images they need.
	Render(ctx context.Context) (*Rendered, error)
	// Desired returns what a release with these images, by service, would be.
	Desired(ctx context.Context, images map[string]release.Image) (Desired, error)
	// DeriveModel returns the canonical model of a release, which its Compose text means. The error says which
	// parts of the release disagree.
	DeriveModel(ctx context.Context, r release.Release) (release.Model, error)
	// WithCurrentSecrets returns a release with the caller's values of the secrets that are declared, where these
	// differ from those that it was made with, and with hashes of the current key. The sentences are about
	// that.
	WithCurrentSecrets(ctx context.Context, r release.Release) (updated release.Release, sentences []string, err error)
	// Access returns what the services of a release take from the machine, sorted.
	Access(ctx context.Context, r release.Release) ([]release.Access, error)
	// CheckRelease returns why a release cannot be applied now, such as a missing variable, and for the named
	// services why no containers equal to those of the release can be made: a secret has another value today.
	CheckRelease(ctx context.Context, r release.Release, services []string) error
}

// A Desired is what a release is made of.
type Desired struct {
	// Model is canonical, and Compose is the Compose text that the release keeps.
	Model   release.Model
	Compose []byte
	// Key is the id of the key that the hashes of both have.
	Key string
}

// Rendered is the content of the Compose files before any image is known.
type Rendered struct {
	// Builds are the services that are built from a Dockerfile. Pulls are the image references of the others,
	// by service.
	Builds map[string]release.Build
	Pulls  map[string]string
	// AlwaysPull are the services whose images are requested from a registry each time.
	AlwaysPull map[string]bool
	// Ignored are sentences about keys of the files that have no effect, each with its path.
	Ignored []string
	// Access is what the services take from the machine, sorted.
	Access []release.Access
	// SharedResources are sentences about what several environments on one engine would share.
	SharedResources []string
}

// Services returns the names of the services, in any order.
func (r *Rendered) Services() []string {
	return slices.AppendSeq(slices.Collect(maps.Keys(r.Builds)), maps.Keys(r.Pulls))
}

// A SecretSource passes on the values of the secrets of the environment as it sees them, so that nothing that is
// printed has them. A backend may be one.
type SecretSource interface {
	Learn(learn func(value string))
}

// An Observer reads the live state of the environment.
type Observer interface {
	// Observe returns the live state.
	Observe(ctx context.Context, o ObserveOptions) (release.Observed, error)
	// Conflicts returns the ports and names of a model that other owners hold.
	Conflicts(ctx context.Context, m release.Model) ([]release.Conflict, error)
}

// ObserveOptions say how closely to observe.
type ObserveOptions struct {
	// Files includes the files that containers have changed. An old engine takes up to a second for each
	// container.
	Files bool
	// FilesOf limits Files to containers of some services; nil is for those of all.
	FilesOf func(service string) bool
}

// Includes reports whether the files that the containers of a service have changed are to be observed.
func (o ObserveOptions) Includes(service string) bool {
	return o.Files && (o.FilesOf == nil || o.FilesOf(service))
}

// An Applier changes the environment.
type Applier interface {
	// Apply carries out a plan, so that the environment runs what the release says, and waits until it is
	// healthy.
	Apply(ctx context.Context, p release.Plan, r release.Release, o ApplyOptions) error
	// RunJob runs a service of a release once, to its end and with further variables, beside what runs. Its container
	// stays until RemoveJobs: one that a davit has left that was killed is waited for, or has run already. An error is
	// one of a job that failed.
	RunJob(ctx context.Context, r release.Release, service string, variables map[string]string, o ApplyOptions) error
	// RemoveJobs removes the containers of jobs that were undone, so that they count as not run.
	RemoveJobs(ctx context.Context, services []string) error
	// Destroy removes the containers and networks, and the volumes if asked to. Releases stay.
	Destroy(ctx context.Context, o DestroyOptions) error
}
