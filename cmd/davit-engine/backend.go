package main

import (
	"context"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker"
	"github.com/davit-dev/davit/runner/deploy/history"
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
	o := docker.Options{Client: d, Environment: e, Env: r.Env, Offline: r.Offline, Secrets: secrets,
		Key: key(r.Env)}
	if dir := stateDir(r.Env); dir != "" && e.Ephemeral == nil {
		at := strings.Join([]string{r.Address, d.DaemonHost(), e.Machine}, " ")
		o.Seen = history.NewSeenFile(filepath.Join(dir, "history"), at, e)
	}
	return docker.New(o), nil
}

// stateDir returns the folder for what davit has to remember on this machine, which no cache may lose: that of
// XDG_STATE_HOME, or the usual one of the system; "" for none.
func stateDir(env []string) string {
	get := func(name string) string {
		i := slices.IndexFunc(env, func(pair string) bool { return strings.HasPrefix(pair, name+"=") })
		if i < 0 {
			return ""
		}
		return env[i][len(name)+1:]
	}
	usual := map[string][]string{"darwin": {get("HOME"), "Library", "Application Support"},
		"windows": {get("LOCALAPPDATA")}}[runtime.GOOS]
	if usual == nil {
		usual = []string{get("HOME"), ".local", "state"}
	}
	switch at := get("XDG_STATE_HOME"); {
	case filepath.IsAbs(at):
		return filepath.Join(at, "davit")
	case filepath.IsAbs(usual[0]):
		return filepath.Join(append(usual, "davit")...)
	}
	return ""
}

// key returns what values of secrets are hashed with in the place of the key of their environment:
// DAVIT_RELEASE_KEY; nil without one.
func key(env []string) []byte {
	for _, pair := range env {
		if value, ok := strings.CutPrefix(pair, "DAVIT_RELEASE_KEY="); ok && value != "" {
			return []byte(value)
		}
	}
	return nil
}
