package engine

import (
	"context"
	"net/url"
	"strings"

	docker "github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner"
)

// Docker connects to a Docker engine by its address, as in DOCKER_HOST, or "docker://CONTEXT". An empty
// address is the engine that the docker command would use; BUILDKIT_HOST does not count.
func Docker(ctx context.Context, r runner.EngineRequest) (*docker.Client, error) {
	env := newEnviron(r.Env)
	candidates, err := dockerCandidatesAt(source(r), r.Address, env)
	if err != nil {
		return nil, err
	}
	none := &noEngineError{}
	for _, p := range candidates {
		if p.kind != kindDocker {
			continue
		}
		if r.Offline && !p.local(env) {
			return nil, &offlineError{candidate: p}
		}
		d, err := p.client(ctx, env)
		if err == nil {
			return d, nil
		}
		none.tried = append(none.tried, failedAttempt{p, reason(err)})
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return nil, none
}

// DockerAddress returns the address of the Docker engine for everything but builds: that engine, if it is
// one, or else the one that the docker command would use.
func DockerAddress(ctx context.Context, r runner.EngineRequest) (string, error) {
	if r.Address == "" || strings.HasPrefix(r.Address, "docker://") {
		return r.Address, nil
	}
	c, err := Find(ctx, r)
	if err != nil {
		return "", err
	}
	defer c.Close()
	if c.Embedded {
		return r.Address, nil
	}
	return "", nil
}

// Machine returns the name of the machine of a Docker engine by its address, or "" for this machine.
func Machine(address string, environment []string) string {
	env := newEnviron(environment)
	candidates, err := dockerCandidatesAt("", address, env)
	if err != nil || len(candidates) == 0 || candidates[0].local(env) {
		return ""
	}
	u, err := url.Parse(candidates[0].address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func dockerCandidatesAt(from, address string, env environ) ([]candidate, error) {
	name, isContext := strings.CutPrefix(address, "docker://")
	switch {
	case address == "" || isContext && name == "":
		return dockerCandidates(env, env["DOCKER_CONTEXT"])
	case isContext:
		return contextCandidates(env, name)
	}
	return parseAddress(candidate{from: from, address: address, kind: kindDocker})
}

// client returns a client of the Docker engine, which has answered.
func (p candidate) client(ctx context.Context, env environ) (*docker.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, p.timeout())
	defer cancel()
	if err := p.checkSocket(ctx); err != nil {
		return nil, err
	}
	d, err := newDocker(p, env)
	if err != nil {
		return nil, err
	}
	if _, err := d.Ping(ctx, docker.PingOptions{NegotiateAPIVersion: true}); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}
