package llb

import (
	"github.com/moby/buildkit/client/llb"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// The folders in a container.
const (
	// Work is the folder of the project.
	Work = "/src"
	// Reports is the folder in which a step leaves its report, as Raw, and its exit code, as Exit.
	Reports = "/davit/report"
	// Raw is the name of the report as the tool writes it.
	Raw = "raw"
	// Exit is the name of the file with the exit code, in decimal, of a step with a report. Such a step
	// always succeeds for BuildKit, which keeps nothing of a step that fails.
	Exit = "exit"

	caches  = "/davit/cache"
	secrets = "/run/secrets"
)

// Options are what a definition depends on besides the steps.
type Options struct {
	// Project is a name for the checkout, under which an engine caches its files.
	Project string
	// Images are the resolved images by the reference that plans use.
	Images map[string]Image
	// Target is the platform to build for, and Native that of the engine.
	Target, Native ocispecs.Platform
	// Env is the caller's environment. It counts only for the variables that steps pass on.
	Env map[string]string
	// Proxy has the proxy settings for commands. They are in no cache key.
	Proxy llb.ProxyEnv
	// ProxyScript is the id of a secret with a script that sets further proxy settings; empty for none.
	ProxyScript string
	// Run is a name of this run. A command that has to run again gets it as the variable DAVIT_RUN. (If
	// BuildKit ignored its cache instead, an old engine would empty the caches of the command too.)
	Run string
	// Force makes every command run again.
	Force bool
}

// An Image is a resolved image.
type Image struct {
	// Ref is the reference for the engine, with a digest where that is known.
	Ref string
	// Config is the configuration of the image, as JSON.
	Config []byte
}

// A Source is the files of the project that a step sees.
type Source struct {
	// Name is the name of the local source under which the session serves the files. Two steps that see the
	// same files share one.
	Name string
	// Content is a digest of the names and contents of the files.
	Content string
}
