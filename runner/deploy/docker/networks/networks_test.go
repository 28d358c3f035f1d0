package networks

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/enginetest"
)

// TestWhatAContainerThatIsGoneLeaves: an engine keeps the endpoint of a container that was connected while it
// waited for its restart, and was removed.
func TestWhatAContainerThatIsGoneLeaves(t *testing.T) {
	c := enginetest.Client(t)
	name := fmt.Sprintf("davit-left-%d", os.Getpid())
	on := newNetwork(t, c, name)
	leave(t, c, on, name)
	if Free(t.Context(), c, on) {
		if Free(t.Context(), c, on) {
			t.Error("what was freed is there still")
		}
		leave(t, c, on, name)
	}
	for range 2 { // at the second time the network is gone
		if err := Remove(t.Context(), c, on); err != nil {
			t.Error(err)
		}
	}
}

func TestAContainerThatIsThereStaysOnItsNetwork(t *testing.T) {
	c := enginetest.Client(t)
	name := fmt.Sprintf("davit-stays-%d", os.Getpid())
	on := newNetwork(t, c, name)
	id := run(t, c, on, name, "sleep", "1000")
	if err := Remove(t.Context(), c, on); err == nil {
		t.Error("a network that is in use is removed")
	}
	i, err := c.ContainerInspect(t.Context(), id, client.ContainerInspectOptions{})
	if err != nil || i.Container.NetworkSettings.Networks[name] == nil {
		t.Errorf("it is not on its network any more (%v)", err)
	}
	if _, err := c.ContainerRemove(t.Context(), id, client.ContainerRemoveOptions{Force: true}); err != nil {
		t.Error(err)
	}
	if err := Remove(t.Context(), c, on); err != nil {
		t.Error(err)
	}
}

func TestMiscounted(t *testing.T) {
	refused := errdefs.ErrPermissionDenied.WithMessage("has active endpoints")
	used := network.Inspect{Containers: map[string]network.EndpointResource{"1": {}}}
	for _, c := range []struct {
		name string
		n    network.Inspect
		err  error
		want string
	}{
		{"none", network.Inspect{}, nil, "<nil>"},
		{"used", used, refused, "has active endpoints"},
		{"gone", network.Inspect{}, refused, "has active endpoints"},
		{"another", network.Inspect{}, context.Canceled, "context canceled"},
		{"unused", network.Inspect{}, refused, `network "unused" stays: no container is on it, and the engine counts one`},
	} {
		if c.n.Name = c.name; c.name != "gone" {
			c.n.ID = c.name
		}
		if got := fmt.Sprint(miscounted(c.n, c.err)); got != c.want {
			t.Errorf("%s: %s, wanted %s", c.name, got, c.want)
		}
	}
}

// newNetwork creates a network and returns its id.
func newNetwork(t *testing.T, c *client.Client, name string) string {
	t.Helper()
	n, err := c.NetworkCreate(t.Context(), name, client.NetworkCreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return n.ID
}

// leave removes a container that was connected to a network while it waited for its restart.
func leave(t *testing.T, c *client.Client, on, name string) {
	t.Helper()
	id := run(t, c, on, name, "false")
	for restarting := false; !restarting; time.Sleep(10 * time.Millisecond) {
		i, err := c.ContainerInspect(t.Context(), id, client.ContainerInspectOptions{})
		if err != nil {
			t.Fatal(err)
		}
		restarting = i.Container.State.Restarting && i.Container.RestartCount > 2 // it waits for most of a second
	}
	_, err := c.NetworkConnect(t.Context(), on, client.NetworkConnectOptions{
		Container: id, EndpointConfig: &network.EndpointSettings{}})
	if err != nil {
		t.Log("the engine refuses to connect it:", err)
	}
	if _, err := c.ContainerRemove(t.Context(), id, client.ContainerRemoveOptions{Force: true}); err != nil {
		t.Fatal(err)
	}
}

// run starts a container on a network, which the engine always restarts, and returns its id. It starts only if
// nothing has its name on the network.
func run(t *testing.T, c *client.Client, on, name string, command ...string) string {
	t.Helper()
	r, err := c.ContainerCreate(t.Context(), client.ContainerCreateOptions{
		Name: name, Config: &container.Config{Image: "busybox", Cmd: command},
		HostConfig: &container.HostConfig{
			NetworkMode: container.NetworkMode(on), RestartPolicy: container.RestartPolicy{Name: "always"}},
	})
	if err == nil {
		_, err = c.ContainerStart(t.Context(), r.ID, client.ContainerStartOptions{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return r.ID
}
