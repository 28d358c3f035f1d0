package engine

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/docker/cli/cli/config"
	dcontext "github.com/docker/cli/cli/context"
	endpoint "github.com/docker/cli/cli/context/docker"
	"github.com/docker/cli/cli/context/store"
	"github.com/moby/buildkit/client"
	docker "github.com/moby/moby/client"
)

// dockerDir returns the folder of docker's configuration.
func dockerDir(env environ) string {
	if dir := env["DOCKER_CONFIG"]; dir != "" {
		return dir
	}
	return filepath.Join(env.home(), ".docker")
}

// currentContext returns the context that "docker context use" chose, or "".
func currentContext(env environ) (string, error) {
	dir := dockerDir(env)
	if _, err := os.Stat(filepath.Join(dir, config.ConfigFileName)); err != nil {
		return "", nil
	}
	c, err := config.Load(dir)
	if err != nil {
		return "", &contextError{reason: fmt.Sprintf("the configuration of docker cannot be read: %v", err)}
	}
	return c.CurrentContext, nil
}

// contextStore returns the store of Docker contexts.
func contextStore(env environ) store.Reader {
	return store.New(filepath.Join(dockerDir(env), "contexts"), store.NewConfig(
		func() any { return &map[string]any{} },
		store.EndpointTypeGetter(endpoint.DockerEndpoint, func() any { return &endpoint.EndpointMeta{} }),
	))
}

// contextHost returns the address of the engine of a context.
func contextHost(env environ, name string) (string, error) {
	meta, err := contextStore(env).GetMetadata(name)
	if err != nil {
		return "", &contextError{name: name, reason: fmt.Sprintf("there is no docker context %q", name)}
	}
	e, err := endpoint.EndpointFromContext(meta)
	if err != nil || e.Host == "" {
		return "", &contextError{name: name,
			reason: fmt.Sprintf("the docker context %q names no Docker engine", name)}
	}
	return e.Host, nil
}

// A contextError is a fault in the configuration of docker.
type contextError struct {
	fault.Precondition
	name, reason string
}

func (e *contextError) Error() string { return e.reason }

// Hint returns the next command.
func (e *contextError) Hint() string { return "docker context ls shows what there is" }

// newDocker returns a client of a Docker engine. It does not connect yet.
func newDocker(p candidate, env environ) (*docker.Client, error) {
	e, err := p.endpoint(env)
	if err != nil {
		return nil, err
	}
	opts, err := e.ClientOpts()
	if err != nil {
		return nil, err
	}
	return docker.New(opts...)
}

// endpoint returns the engine in the form that docker uses, with the certificates of the context or of
// DOCKER_CERT_PATH.
func (p candidate) endpoint(env environ) (endpoint.Endpoint, error) {
	if p.context != "" {
		s := contextStore(env)
		meta, err := s.GetMetadata(p.context)
		if err != nil {
			return endpoint.Endpoint{}, err
		}
		e, err := endpoint.EndpointFromContext(meta)
		if err != nil {
			return endpoint.Endpoint{}, err
		}
		return endpoint.WithTLSData(s, p.context, e)
	}
	tls, err := dockerTLS(env)
	verify := env["DOCKER_TLS_VERIFY"] != "" || tls == nil
	return endpoint.Endpoint{EndpointMeta: endpoint.EndpointMeta{Host: p.address, SkipTLSVerify: !verify},
		TLSData: tls}, err
}

// dockerTLS returns the certificates that the docker command would use with DOCKER_HOST, or nil.
func dockerTLS(env environ) (*dcontext.TLSData, error) {
	dir := env["DOCKER_CERT_PATH"]
	if dir == "" && env["DOCKER_TLS_VERIFY"] == "" && env["DOCKER_TLS"] == "" {
		return nil, nil
	}
	if dir == "" {
		dir = dockerDir(env)
	}
	return dcontext.TLSDataFromFiles(filepath.Join(dir, "ca.pem"), filepath.Join(dir, "cert.pem"),
		filepath.Join(dir, "key.pem"))
}

// embeddedBuildKit returns a client of the BuildKit inside a Docker engine, over two streams of the engine's
// API that are BuildKit's own.
func embeddedBuildKit(ctx context.Context, d *docker.Client) (*client.Client, error) {
	return client.New(ctx, "",
		client.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return d.DialHijack(ctx, "/grpc", "h2c", nil)
		}),
		client.WithSessionDialer(func(ctx context.Context, proto string, meta map[string][]string) (net.Conn,
			error) {
			return d.DialHijack(ctx, "/session", proto, meta)
		}),
	)
}

// nearbyTimeout is how long davit waits for a Docker engine beside a BuildKit. It only needs its store.
const nearbyTimeout = 2 * time.Second

// Loader returns the Docker engine into which images can be loaded: the one around the BuildKit, or else one
// that answers nearby. It returns nil if there is none. It is safe for concurrent use.
func (c *Connection) Loader(ctx context.Context) *docker.Client {
	if c.Docker != nil {
		return c.Docker
	}
	d, _ := c.nearbyDocker.get(func() (*docker.Client, error) { return findDocker(ctx, c.env), ctx.Err() })
	return d
}

// findDocker returns the first Docker engine that answers soon, or nil.
func findDocker(ctx context.Context, env environ) *docker.Client {
	candidates, _ := dockerCandidates(env, env["DOCKER_CONTEXT"])
	for _, p := range candidates {
		if p.kind != kindDocker || p.checkSocket(ctx) != nil {
			continue
		}
		ctx, cancel := context.WithTimeout(ctx, nearbyTimeout)
		d, err := newDocker(p, env)
		if err == nil {
			_, err = d.Ping(ctx, docker.PingOptions{NegotiateAPIVersion: true})
		}
		cancel()
		if err == nil {
			return d
		}
	}
	return nil
}
