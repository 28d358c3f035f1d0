package docker

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/runner/deploy/docker/images"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// recorded is an environment of a test that only keeps records. They are removed in the end.
func recorded(t *testing.T, project, environment string) *Backend {
	t.Helper()
	r := New(Options{Client: enginetest.Client(t), Env: os.Environ(),
		Environment: release.Environment{Project: project, Name: environment}})
	t.Cleanup(func() {
		at := images.Local + project + "/" + environment + "/"
		list, _ := r.engine.ImageList(context.Background(),
			client.ImageListOptions{Filters: client.Filters{}.Add("reference", at+"*", at+"image/*")})
		for _, i := range list.Items {
			for _, tag := range i.RepoTags {
				r.images.Untag(context.Background(), tag)
			}
		}
	})
	return r
}

// TestWhatOneForgetsTheOtherKeeps: two environments with one image have a name for it each.
func TestWhatOneForgetsTheOtherKeeps(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	project := enginetest.Project()
	dev, staging, image := recorded(t, project, "dev"), recorded(t, project, "staging"), enginetest.Image(t,
		project+"-app")
	app := map[string]release.Image{"web": {Digest: image, Name: "app"}}
	other := map[string]release.Image{"web": {Digest: enginetest.Image(t, project+"-other"), Name: "other"}}
	record := func(h *Backend, number int, of map[string]release.Image) {
		r := release.Release{Number: number, Project: project, Environment: h.Environment.Name, Images: of,
			Result: release.Healthy}
		if err := h.Record(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	record(dev, 1, app)
	record(staging, 1, app)
	record(dev, 2, other)
	record(dev, 3, other) // the last two healthy ones are kept
	exec.Command("docker", "rmi", project+"-app").Run()
	if err := dev.PruneReleases(ctx, 1); err != nil {
		t.Fatal(err)
	}
	if all, err := dev.Releases(ctx); err != nil || len(all) != 2 || all[1].Number != 2 {
		t.Errorf("dev has %v, %v", all, err)
	}
	all, err := staging.Releases(ctx)
	if err != nil || len(all) != 1 {
		t.Fatalf("staging has %v, %v", all, err)
	}
	if i, err := staging.images.Image(ctx, staging.records.ImageName("web",
		all[0].Images["web"])); err != nil || i == nil || i.Ref() != image {
		t.Errorf("staging has lost its image: %v, %v", i, err)
	}
	record(staging, 2, other)
	record(staging, 3, other)
	if err := staging.PruneReleases(ctx, 1); err != nil {
		t.Fatal(err)
	}
	if i, err := staging.images.Image(ctx, image); err != nil || i != nil {
		t.Errorf("an image that nobody names any more is still there: %v, %v", i, err)
	}
}

// TestRecordsOfAnyLength: a record comes back whole, also one that is too long for a label.
func TestRecordsOfAnyLength(t *testing.T) {
	t.Parallel()
	project := enginetest.Project()
	dev := recorded(t, project, "dev")
	for number, length := range []int{10, 100 << 10} {
		lost := map[string]release.Image{"web": {Digest: "sha256:" + strings.Repeat("0", 64), Name: strings.Repeat("x", length)}}
		r := release.Release{Number: number + 1, Project: project, Environment: "dev", Result: release.Failed, Images: lost}
		if err := dev.Record(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		all, err := dev.Releases(t.Context())
		if err != nil || len(all) != number+1 || all[0].Images["web"].Name != lost["web"].Name {
			t.Errorf("of %d bytes: %d releases (%v)", length, len(all), err)
		}
	}
}
