package main

import (
	"context"
	"crypto/sha256"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker"
	"github.com/davit-dev/davit/runner/deploy/release"
	"github.com/davit-dev/davit/runner/engine"
)

// backend connects to an environment by the backend that project.toml names for it.
func backend(
	ctx context.Context, r runner.EngineRequest, e release.Environment, secrets map[string]string,
) (deploy.Backend, error) {
	switch e.Backend {
	case "docker":
		return dockerBackend(ctx, r, e, secrets)
	}
	return nil, fault.Preconditionf(`backend = "docker" in project.toml is the only one there is`,
		"environment %s has the backend %q, which davit does not have", e.Name, e.Backend)
}

// dockerBackend connects to an environment on the Docker engine that is asked for.
func dockerBackend(
	ctx context.Context, r runner.EngineRequest, e release.Environment, secrets map[string]string,
) (deploy.Backend, error) {
	if e.Ephemeral != nil {
		address, err := engine.DockerAddress(ctx, r)
		if err != nil {
			return nil, err
		}
		r.Address = address
	}
	d, err := engine.Docker(ctx, r)
	if err != nil {
		return nil, err
	}
	e.Machine = engine.Machine(r.Address, r.Env)
	return docker.New(docker.Options{Client: d, Environment: e, Env: r.Env, Secrets: secrets,
		Key: key(e.Project, r.Env)}), nil
}

// key returns the key for the hashes of secret values: DAVIT_RELEASE_KEY or, without one, a key that is the
// same for all who deploy the project. The latter keeps a value from being read, but not from being guessed
// by anybody who has the releases.
func key(project string, env []string) []byte {
	for _, pair := range env {
		if value, ok := strings.CutPrefix(pair, "DAVIT_RELEASE_KEY="); ok && value != "" {
			return []byte(value)
		}
	}
	sum := sha256.Sum256([]byte("davit\x00" + project))
	return sum[:]
}
