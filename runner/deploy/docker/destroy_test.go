package docker

import (
	"context"
	"fmt"
	"testing"

	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy"
)

// TestDestroyRemovesAnonymousVolumes: with their volumes, also those go that have no name, which a second container has got
// of the first.
func TestDestroyRemovesAnonymousVolumes(t *testing.T) {
	const compose = `services: {web: {image: busybox, command: [sleep, "1000"], volumes: [/kept], environment: {V: "%d"}, stop_grace_period: 0s}}`
	f := newFixture(t, fmt.Sprintf(compose, 1))
	f.deploy()
	f.write(fmt.Sprintf(compose, 2))
	f.deploy()
	c, err := f.engine.ContainerInspect(context.Background(), f.ids("web")[0], client.ContainerInspectOptions{})
	if err != nil || len(c.Container.Mounts) != 1 {
		t.Fatalf("mounts %+v, %v", c.Container.Mounts, err)
	}
	name := c.Container.Mounts[0].Name
	if _, err := f.engine.VolumeInspect(context.Background(), name, client.VolumeInspectOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := f.Destroy(context.Background(), deploy.DestroyOptions{Volumes: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.engine.VolumeInspect(context.Background(), name, client.VolumeInspectOptions{}); err == nil {
		t.Errorf("volume %s is left", name)
	}
}
