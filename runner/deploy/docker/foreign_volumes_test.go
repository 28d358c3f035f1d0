package docker

import (
	"context"
	"fmt"
	"testing"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy"
)

// TestVolumesFromOfOthers: a service that has the volume of a container of somebody else is in sync, and the volume is
// never davit's to remove, also when that container is gone, and where the image of the service has a volume at that place.
func TestVolumesFromOfOthers(t *testing.T) {
	const compose = `services: {web: {image: "%[1]s", command: [sleep, "1000"], volumes_from: ["container:%[1]s"], environment: {V: "%[2]d"}, stop_grace_period: 0s}}`
	f, ctx := newFixture(t, "services: {}"), context.Background()
	other := f.Environment.Project + "-other"
	c, err := f.engine.ContainerCreate(ctx, client.ContainerCreateOptions{Name: other, Config: &container.Config{
		Image: "busybox", Cmd: []string{"true"}, Volumes: map[string]struct{}{"/kept": {}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.remove(ctx, other) })
	i, err := f.engine.ContainerInspect(ctx, c.ID, client.ContainerInspectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	volume := i.Container.Mounts[0].Name
	t.Cleanup(func() { f.engine.VolumeRemove(ctx, volume, client.VolumeRemoveOptions{}) })
	_, err = f.engine.ContainerCommit(ctx, c.ID, client.ContainerCommitOptions{Reference: other}) // its image declares the volume
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.engine.ImageRemove(ctx, other, client.ImageRemoveOptions{Force: true}) })
	for v := range 2 { // the second container replaces the first
		f.write(fmt.Sprintf(compose, other, v))
		f.deploy()
	}
	for range 2 {
		if at := f.live().Model.Services["web"].AnonymousVolumes(); len(at) > 0 {
			t.Errorf("volumes of its own at %q", at)
		}
		if d := f.drift(); len(d) > 0 {
			t.Errorf("drift of %q", d)
		}
		if err := f.remove(ctx, other); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Destroy(ctx, deploy.DestroyOptions{Volumes: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.engine.VolumeInspect(ctx, volume, client.VolumeInspectOptions{}); err != nil {
		t.Error(err)
	}
}
