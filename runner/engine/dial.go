package engine

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/containerd/platforms"
	"github.com/moby/buildkit/client"
	_ "github.com/moby/buildkit/client/connhelper/dockercontainer"  // docker-container://
	_ "github.com/moby/buildkit/client/connhelper/kubepod"          // kube-pod://
	_ "github.com/moby/buildkit/client/connhelper/nerdctlcontainer" // nerdctl-container://
	_ "github.com/moby/buildkit/client/connhelper/npipe"            // npipe://
	_ "github.com/moby/buildkit/client/connhelper/podmancontainer"  // podman-container://
	_ "github.com/moby/buildkit/client/connhelper/ssh"              // ssh://
	docker "github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner"
)

// timeout returns how long an engine may take to answer; longer where another program has to connect first.
func (p candidate) timeout() time.Duration {
	switch p.scheme() {
	case "unix", "npipe", "tcp", "http", "https":
		return 5 * time.Second
	}
	return 30 * time.Second
}

// dial connects to the engine, and checks that it is one.
func (p candidate) dial(ctx context.Context, env environ) (*Connection, error) {
	ctx, cancel := context.WithTimeout(ctx, p.timeout())
	defer cancel()
	if err := p.checkSocket(ctx); err != nil {
		return nil, err
	}
	if p.kind == "" {
		p.kind = p.detectKind(ctx, env)
	}
	if p.kind == kindDocker {
		return p.dialDocker(ctx, env)
	}
	return p.dialBuildKit(ctx, env)
}

// checkSocket checks that somebody listens at a unix socket. The error of the system is shorter than those of
// clients.
func (p candidate) checkSocket(ctx context.Context) error {
	u, err := url.Parse(p.address)
	if err != nil || u.Scheme != "unix" {
		return nil
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", u.Path)
	if err != nil {
		return err
	}
	return conn.Close()
}

// detectKind returns the kind of engine at an address. Only a Docker engine answers to HTTP/1; a BuildKit
// closes the connection at its first line.
func (p candidate) detectKind(ctx context.Context, env environ) string {
	switch p.scheme() {
	case "unix", "npipe", "tcp", "ssh":
	default:
		return kindBuildKit
	}
	ctx, cancel := context.WithTimeout(ctx, p.timeout()/2)
	defer cancel()
	d, err := newDocker(p, env)
	if err != nil {
		return kindBuildKit
	}
	defer d.Close()
	if _, err := d.Ping(ctx, docker.PingOptions{}); err != nil {
		return kindBuildKit
	}
	return kindDocker
}

func (p candidate) dialDocker(ctx context.Context, env environ) (*Connection, error) {
	d, err := newDocker(p, env)
	if err != nil {
		return nil, err
	}
	v, err := d.ServerVersion(ctx, docker.ServerVersionOptions{})
	if err != nil {
		return nil, err
	}
	c, err := embeddedBuildKit(ctx, d)
	if err != nil {
		return nil, err
	}
	conn, err := p.newConnection(ctx, env, c)
	if err != nil {
		return nil, err
	}
	conn.Docker, conn.Embedded, conn.Info.Version = d, true, v.Version
	return conn, nil
}

func (p candidate) dialBuildKit(ctx context.Context, env environ) (*Connection, error) {
	var opts []client.ClientOpt
	if p.scheme() == "tcp" {
		tls, err := tlsOptions(p.address, env)
		if err != nil {
			return nil, err
		}
		opts = tls
	}
	c, err := client.New(ctx, p.address, opts...)
	if err != nil {
		return nil, err
	}
	conn, err := p.newConnection(ctx, env, c)
	if err != nil && p.scheme() == "tcp" {
		err = cmp.Or(diagnoseTLS(ctx, p.address, env), err)
	}
	return conn, err
}

// newConnection asks a BuildKit for its workers, a request that all versions answer.
func (p candidate) newConnection(ctx context.Context, env environ, c *client.Client) (*Connection, error) {
	workers, err := c.ListWorkers(ctx)
	if err == nil && len(workers) == 0 {
		err = fmt.Errorf("it has no workers")
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	conn := &Connection{Client: c, env: env}
	conn.Info = runner.EngineInfo{
		Kind: p.kind, Address: p.address, From: p.from, Version: workers[0].BuildkitVersion.Version,
		Platforms: platformsOf(workers[0]),
	}
	return conn, nil
}

// platformsOf returns the platforms of a worker, its own first and each once.
func platformsOf(w *client.WorkerInfo) (all []string) {
	found := map[string]bool{}
	for _, p := range w.Platforms {
		if name := platforms.Format(platforms.Normalize(p)); !found[name] {
			found[name] = true
			all = append(all, name)
		}
	}
	return all
}
