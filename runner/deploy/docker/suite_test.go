package docker

import (
	"context"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

func TestSuite(t *testing.T) {
	deploytest.Suite(t, func(t *testing.T) deploytest.Harness {
		t.Parallel()
		return harness{newFixture(t, "services: {}")}
	})
}

// A harness is a fixture, and everybody else who calls the engine.
type harness struct{ *fixture }

// Environment returns an environment of the fixture.
func (h harness) Environment(name string) release.Environment {
	e := h.fixture.Environment
	e.Name = name
	return e
}

// Backend returns the environment of the fixture over a connection of its own.
func (h harness) Backend(name string) deploy.Backend { return h.Open(h.Environment(name)) }

// Open returns an environment over a connection of its own.
func (h harness) Open(e release.Environment) deploy.Backend {
	o := Options{Client: enginetest.Client(h.t), Environment: e, Env: os.Environ(),
		Secrets: h.Secrets}
	b := New(o)
	b.clientTime = clientTime{}
	return b
}

func (h harness) Write(compose string) { h.write(compose) }

func (h harness) Image() string { return "busybox" }

func (h harness) Kill(name string) {
	h.t.Helper()
	if _, err := h.engine.ContainerKill(context.Background(), name,
		client.ContainerKillOptions{}); err != nil {
		h.t.Fatal(err)
	}
}

func (h harness) Remove(name string) {
	h.t.Helper()
	if err := h.remove(context.Background(), name); err != nil {
		h.t.Fatal(err)
	}
}

// Run has the labels of Compose on a container, as another project, or "docker compose run", would.
func (h harness) Run(f deploytest.Foreign) {
	h.t.Helper()
	ctx := context.Background()
	labels := map[string]string{}
	if f.Project != "" {
		labels = map[string]string{api.ProjectLabel: f.Project, api.ServiceLabel: f.Service,
			api.ContainerNumberLabel: strconv.Itoa(max(1, f.Number))}
	}
	if f.Oneoff {
		labels[api.OneoffLabel] = "True"
	}
	if f.Composed {
		labels[api.OneoffLabel], labels[api.ConfigHashLabel] = "False", "1"
	}
	if f.File != "" {
		labels[api.ConfigFilesLabel] = f.File
	}
	imageName := h.Image()
	if f.Like != "" {
		imageName = h.commit(f.Like)
	}
	host, exposed := &container.HostConfig{PortBindings: network.PortMap{}}, network.PortSet{}
	for private, at := range f.Ports {
		p, known := parsePort(at)
		if !known {
			h.t.Fatalf("%q is no port", at)
		}
		exposed[network.MustParsePort(private)] = struct{}{}
		host.PortBindings[network.MustParsePort(private)] = []network.PortBinding{{HostIP: p.at,
			HostPort: strconv.Itoa(int(p.first))}}
	}
	for _, n := range f.Networks {
		host.NetworkMode = container.NetworkMode(n)
	}
	c, err := h.engine.ContainerCreate(ctx, client.ContainerCreateOptions{
		Name: f.Name, HostConfig: host,
		Config: &container.Config{Image: imageName, Cmd: []string{"sleep", "1000"}, Labels: labels,
			StopSignal: "SIGKILL", ExposedPorts: exposed},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { h.remove(ctx, c.ID) })
	if _, err := h.engine.ContainerStart(ctx, c.ID, client.ContainerStartOptions{}); err != nil {
		h.t.Fatal(err)
	}
}

// commit makes an image of a container, which has all labels of the container.
func (h harness) commit(name string) string {
	h.t.Helper()
	ctx := context.Background()
	i, err := h.engine.ContainerCommit(ctx, name, client.ContainerCommitOptions{})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { h.engine.ImageRemove(ctx, i.ID, client.ImageRemoveOptions{Force: true}) })
	return i.ID
}

func (h harness) Network(name, project string) {
	h.t.Helper()
	labels := map[string]string{api.ProjectLabel: project}
	if key, composed := strings.CutPrefix(name, project+"_"); composed {
		labels[api.NetworkLabel] = key
	}
	n, err := h.engine.NetworkCreate(context.Background(), name, client.NetworkCreateOptions{Labels: labels})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { h.engine.NetworkRemove(context.Background(), n.ID, client.NetworkRemoveOptions{}) })
}

func (h harness) Volume(name, project string) {
	h.t.Helper()
	labels := map[string]string{}
	if project != "" {
		labels[api.ProjectLabel] = project
	}
	if _, err := h.engine.VolumeCreate(context.Background(),
		client.VolumeCreateOptions{Name: name, Labels: labels}); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { h.engine.VolumeRemove(context.Background(), name, client.VolumeRemoveOptions{}) })
}
