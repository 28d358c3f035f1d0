package runner

import (
	"context"
	"io"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/plugins/plan"
)

// An Engine is a container engine: a BuildKit of its own, or the one inside a Docker engine. Only
// davit-engine links one.
//
// If no engine answers, or the one that does is too old, methods return an error of the category
// fault.FailedPrecondition before anything runs.
type Engine interface {
	// Describe asks the engine what it is and what it can do.
	Describe(ctx context.Context) (EngineInfo, error)
	// Containers returns a Runner of steps in containers, for one project. It does not contact the engine
	// before Prepare.
	Containers(o ContainerOptions) Containers
	// Pin resolves references of images, as plans and Dockerfiles name them, and returns their digests
	// ("sha256:…") by reference.
	Pin(ctx context.Context, refs []string) (map[string]string, error)
	// Bases returns the references of the images that an image is made with, as Pin takes them. It does not
	// contact the engine.
	Bases(ctx context.Context, root string, image plan.Image) ([]string, error)
}

// Containers is a Runner of steps in containers. Close disconnects from the engine.
type Containers interface {
	Runner
	Images
	io.Closer
}

// Images says what images are made of, and whether they are still stored.
type Images interface {
	// ImageInputs returns what the image of a prepared step is made of. It returns nil if that is not known
	// before the image is made, or if the image goes to a store that cannot be asked for it.
	ImageInputs(ctx context.Context, s Step) (*ImageInputs, error)
	// Stored returns the identity of the image that the store has under the names of the step, or "" if it
	// has none or several.
	Stored(ctx context.Context, s Step) string
}

// ImageInputs is everything that decides the content of an image.
type ImageInputs struct {
	// Files are the files of the project, by path.
	Files []string
	// Properties are everything else: names and platforms, the modes of the folders that the files are in,
	// the bases.
	Properties map[string]string
}

// An EngineRequest says which engine to find.
type EngineRequest struct {
	// Address is that of --engine. If it is empty the engine is looked for: BUILDKIT_HOST, DOCKER_HOST, the
	// current Docker context, the local Docker.
	Address string
	// From says who named Address: "project.toml"; empty for --engine.
	From string
	// Env is the caller's environment, "NAME=value".
	Env []string
	// Offline refuses an engine that is not on this machine, and images that a Docker engine would have to pull.
	Offline bool
}

// EngineInfo describes an engine.
type EngineInfo struct {
	// Kind is "docker" or "buildkit".
	Kind string `json:"kind"`
	// Address is the address in the form of BUILDKIT_HOST or DOCKER_HOST.
	Address string `json:"address"`
	// From is where the address was found: "--engine", "project.toml", "BUILDKIT_HOST", "DOCKER_HOST",
	// "docker context NAME", "the usual socket".
	From string `json:"from"`
	// Version is the version of the engine, if it has one.
	Version string `json:"engine_version,omitempty"`
	// Platforms are the platforms that it builds for, its own first: "linux/amd64".
	Platforms []string `json:"platforms"`
	// Abilities are the features that davit makes use of.
	Abilities []Ability `json:"abilities"`
}

// An Ability is something that an engine can do, or is too old for.
type Ability struct {
	Name string `json:"name"`
	Has  bool   `json:"has"`
	// Instead says what davit does without it.
	Instead string `json:"instead,omitempty"`
}

// ContainerOptions are the options of steps in containers.
type ContainerOptions struct {
	// Root is the absolute path of the project.
	Root string
	// Name is the name of the project, which its images are called by.
	Name string
	// Env is the caller's environment, "NAME=value". Steps get the variables that they declare.
	Env []string
	// Files are the files of the project.
	Files *Files
	// Cache is a folder for assembled images; empty is a temporary one.
	Cache string
	// Secrets are the values that steps and Dockerfiles may ask for, by id.
	Secrets map[string][]byte
	// UserConfig are the values that steps get of the user's configuration, by id.
	UserConfig map[string][]byte
	// Force runs every command again, whatever the engine has cached.
	Force bool
	// Pins are digests of images ("sha256:…") by reference, from project.lock.
	Pins map[string]string
	// Locked refuses an image that is not pinned.
	Locked bool
	// SignedImage returns the digest of an image that has the signature which is required; "" if none is required. Nil
	// requires none.
	SignedImage func(ctx context.Context, ref string) (digest string, err error)
	// Remote is where layers are shared; the zero value shares none.
	Remote RemoteCache
	// Image says how images are made.
	Image ImageOptions
}

// RemoteCache is where layers are shared between machines.
type RemoteCache struct {
	// Ref is the repository in a registry; empty for none.
	Ref string
	// Write also exports to it.
	Write bool
}

// ImageOptions says how "image" steps are done, and what becomes of the images.
type ImageOptions struct {
	// Platforms are the platforms to make the image for; none is that of the engine.
	Platforms []string
	// Output is a folder for an OCI layout; empty puts the image into the store of the engine.
	Output string
	// Attest adds provenance.
	Attest bool
	// Scanner is the image that makes a bill of materials; empty makes none.
	Scanner string
	// Registry is the registry, and the path in it, that images are pushed to: "registry.example.com/team".
	Registry string
	// Tags are set besides those of the version and the commit.
	Tags []string
	// Signer signs what is pushed; nil signs nothing.
	Signer trust.Signer
	// Commit is what the content comes from; its time is set as that of the image and of all files in it.
	tree.Commit
}
