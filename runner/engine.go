package runner

import (
	"context"
	"io"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
)

// Engine is a container engine: a BuildKit of its own, or the one inside a Docker engine. Only davit-engine links one.
//
// What cannot be done because no engine answers, or because the one that does is too old, is an error with the exit code 2, before
// anything runs.
type Engine interface {
	// Describe asks the engine what it is and what it can do.
	Describe(ctx context.Context) (EngineInfo, error)
	// Containers returns a Runner of steps in containers, for one project. Nothing is asked of the engine before its Prepare.
	Containers(o ContainerOptions) Containers
	// Pin resolves references of images, as plans and Dockerfiles name them, to digests ("sha256:…"), by reference.
	Pin(ctx context.Context, refs []string) (map[string]string, error)
	// Bases are the references of the images that an image is made with, as Pin takes them. No engine is asked.
	Bases(ctx context.Context, root string, image plan.Image) ([]string, error)
}

// Containers is a Runner of steps in containers. Close ends its work with the engine.
type Containers interface {
	Runner
	Images
	io.Closer
}

// Images knows what images are made of, and where they are then.
type Images interface {
	// ImageInputs are what the image of a prepared step is made of; nil where that is not known before it is made, or where the image
	// goes to no store that could be asked whether it is still there.
	ImageInputs(ctx context.Context, s Step) (*ImageInputs, error)
	// Stored identifies the image that the store has by the names which the step gives; empty where it has none, or several.
	Stored(ctx context.Context, s Step) string
}

// ImageInputs are all that decides what an image is.
type ImageInputs struct {
	// Files of the project, by path.
	Files []string
	// Properties are everything else: what it is called and for whom it is, how the folders look that the files are in, which bases there are.
	Properties map[string]string
}

// EngineRequest says which engine is wanted.
type EngineRequest struct {
	// Address is that of --engine; empty looks for one: BUILDKIT_HOST, DOCKER_HOST, the current Docker context, the local Docker.
	Address string
	// Env is the caller's environment, "NAME=value".
	Env []string
	// Offline refuses an engine that is not on this machine.
	Offline bool
}

// EngineInfo is what an engine is.
type EngineInfo struct {
	// Kind is "docker" or "buildkit".
	Kind string `json:"kind"`
	// Address as BUILDKIT_HOST or DOCKER_HOST would have it.
	Address string `json:"address"`
	// From is where the address was found: "--engine", "BUILDKIT_HOST", "DOCKER_HOST", "docker context NAME", "the usual socket".
	From string `json:"from"`
	// Version of the engine, where it tells.
	Version string `json:"version,omitempty"`
	// Platforms that it builds for, its own first: "linux/amd64".
	Platforms []string `json:"platforms"`
	// Abilities that davit makes use of.
	Abilities []Ability `json:"abilities"`
}

// Ability is something that an engine can do, or is too old for.
type Ability struct {
	Name string `json:"name"`
	Has  bool   `json:"has"`
	// Instead says what davit does without it.
	Instead string `json:"instead,omitempty"`
}

// ContainerOptions is what steps in containers depend on besides themselves.
type ContainerOptions struct {
	// Root is the absolute path of the project.
	Root string
	// Name of the project, which its images are called by.
	Name string
	// Env is the caller's environment, "NAME=value", of which the variables that steps declare count.
	Env []string
	// Files are those of the project.
	Files *Files
	// Cache is a folder that assembled images are kept in; empty is a temporary one.
	Cache string
	// Secrets are the values that steps and Dockerfiles may ask for, by id.
	Secrets map[string][]byte
	// Force runs every command again, whatever the engine remembers.
	Force bool
	// Pins are digests of images ("sha256:…") by reference, from project.lock.
	Pins map[string]string
	// Locked refuses an image that is not pinned.
	Locked bool
	// Remote is where layers are shared; the zero value is nowhere.
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
	// Platforms to make it for; none is that of the engine.
	Platforms []string
	// Output is a folder for an OCI layout; empty puts the image into the store of the engine.
	Output string
	// Attest adds provenance.
	Attest bool
	// Scanner is the image that makes a bill of materials; empty makes none.
	Scanner string
	// Registry and path in it that images are pushed to: "registry.example.com/team".
	Registry string
	// Tags besides those of the version and the commit.
	Tags []string
	// Commit is what the content comes from; its time is that of the image and of all files in it.
	tree.Commit
}
