package images

import (
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/engine"
	"github.com/distribution/reference"
	"github.com/docker/cli/cli/config"
	"github.com/moby/moby/api/pkg/authconfig"
	"github.com/moby/moby/api/types/registry"
)

// dockerHub is the name of Docker Hub in the configuration of docker.
const dockerHub = "https://index.docker.io/v1/"

// credentials returns those of the caller's "docker login" for the registry of an image, as engines take
// them.
func credentials(env []string, ref string) (string, error) {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return "", fault.Preconditionf("", "%q is not a reference of an image: %v", ref, err)
	}
	host := reference.Domain(named)
	if host == "docker.io" {
		host = dockerHub
	}
	f, err := config.Load(engine.DockerConfigDir(env))
	if err != nil {
		return "", nil // a public registry works without
	}
	auth, err := f.GetAuthConfig(host)
	if err != nil {
		return "", err
	}
	return authconfig.Encode(registry.AuthConfig(auth))
}
