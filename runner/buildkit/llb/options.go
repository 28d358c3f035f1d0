package llb

import (
	"github.com/moby/buildkit/client/llb"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// The folders of a container.
const (
	// Work is where the project is.
	Work = "/src"
	// Reports is where a step leaves what "{report}" stands for, in Raw, and its exit code, in Exit.
	Reports = "/davit/report"
	// Raw is the report as the tool of the step writes it.
	Raw = "raw"
	// Exit holds the exit code of a step that leaves a report, in decimal: such a step succeeds for BuildKit, since of one that
	// fails nothing is kept.
	Exit = "exit"

	caches  = "/davit/cache"
	secrets = "/run/secrets"
)

// Options are what a definition depends on besides the steps.
type Options struct {
	// Project is a name for the checkout, by which an engine finds again what it has of its files.
	Project string
	// Images by the reference that plans name.
	Images map[string]Image
	// Target is the platform that is built for, and Native that of the engine.
	Target, Native ocispecs.Platform
	// Env is the caller's environment, of which the variables that steps pass on count.
	Env map[string]string
	// Proxy is given to commands and is in no cache key.
	Proxy llb.ProxyEnv
	// Run is a name of this run, which a command that is to run anyway is given as a variable, DAVIT_RUN. (To have BuildKit ignore
	// its cache would empty the caches of the command too, with an old engine.)
	Run string
	// Force has every command run again.
	Force bool
}

// Image is a resolved image.
type Image struct {
	// Ref is the reference that the engine is given, pinned to a digest where it is known.
	Ref string
	// Config is the configuration of the image, as JSON.
	Config []byte
}

// Source is what a step sees of the files of the project.
type Source struct {
	// Name of the local source: the session serves the files under it. Two steps that see the same files share one.
	Name string
	// Content is a digest of the names and contents of the files.
	Content string
}
