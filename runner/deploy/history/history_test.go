package history

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/runner/deploy/docker/images"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// newHistory is that of an environment of a test. What it keeps is removed in the end.
func newHistory(t *testing.T, project, environment, registry string) *History {
	t.Helper()
	e := release.Environment{Project: project, Name: environment, Registry: registry}
	h := New(images.Store{Engine: enginetest.Client(t), Env: os.Environ()}, e, time.Now)
	t.Cleanup(func() {
		list, _ := h.store.Engine.ImageList(context.Background(), client.ImageListOptions{Filters: client.Filters{}.Add("reference", h.repository("*"), h.repository("image/*"))})
		for _, i := range list.Items {
			for _, tag := range i.RepoTags {
				h.store.Untag(context.Background(), tag)
			}
		}
	})
	return h
}

// TestWhatOneForgetsTheOtherKeeps: two environments with one image have a name for it each.
func TestWhatOneForgetsTheOtherKeeps(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	project := enginetest.Project()
	dev, staging, image := newHistory(t, project, "dev", ""), newHistory(t, project, "staging", ""), enginetest.Image(t, project+"-app")
	images := map[string]release.Image{"web": {ID: image, Name: "app"}}
	other := map[string]release.Image{"web": {ID: enginetest.Image(t, project+"-other"), Name: "other"}}
	record := func(h *History, number int, images map[string]release.Image) {
		r := release.Release{Number: number, Project: project, Environment: h.of.Name, Images: images, Result: release.Healthy}
		if err := h.Record(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	record(dev, 1, images)
	record(staging, 1, images)
	record(dev, 2, other)
	exec.Command("docker", "rmi", project+"-app").Run()
	if err := dev.PruneReleases(ctx, 1); err != nil {
		t.Fatal(err)
	}
	if all, err := dev.Releases(ctx); err != nil || len(all) != 1 || all[0].Number != 2 {
		t.Errorf("dev has %v, %v", all, err)
	}
	all, err := staging.Releases(ctx)
	if err != nil || len(all) != 1 {
		t.Fatalf("staging has %v, %v", all, err)
	}
	if i, err := staging.store.Image(ctx, staging.imageTag("web", all[0].Images["web"])); err != nil || i == nil || i.ID != image {
		t.Errorf("staging has lost its image: %v, %v", i, err)
	}
	record(staging, 2, other)
	if err := staging.PruneReleases(ctx, 1); err != nil {
		t.Fatal(err)
	}
	if i, err := staging.store.Image(ctx, image); err != nil || i != nil {
		t.Errorf("an image that nobody names any more is still there: %v, %v", i, err)
	}
}
