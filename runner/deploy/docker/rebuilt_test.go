package docker

import (
	"context"
	"maps"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/registrytest"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
	"github.com/davit-dev/davit/runner/registry"
)

const one = `
services:
  web:
    image: %PROJECT%-app
    command: [sleep, "1000"]
    environment: {LEVEL: a}
    stop_signal: SIGKILL
    network_mode: none
`

// newMirrored returns a fixture with an image of its own whose releases a registry mirrors.
func newMirrored(t *testing.T, registry string) (s *fixture, image string) {
	t.Helper()
	s = newFixture(t, "")
	s.Options.Environment.Registry = registry
	s.Backend = New(s.Options)
	s.write(strings.ReplaceAll(one, "%PROJECT%", s.Environment.Project))
	image = enginetest.Image(t, s.Environment.Project+"-app")
	return s, image
}

// forget removes everything that the engine has of a fixture, and returns the fixture for a backend that has
// never seen it.
func (s *fixture) forget(image string) *fixture {
	s.t.Helper()
	s.clear()
	if _, err := s.engine.ImageRemove(s.t.Context(), image,
		client.ImageRemoveOptions{Force: true, PruneChildren: true}); err != nil && !errdefs.IsNotFound(err) {
		s.t.Fatal(err)
	}
	again := *s
	again.Backend = New(s.Options)
	return &again
}

func TestALostEngineIsRebuiltFromTheRegistry(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	at := registrytest.Start(t, map[string]string{"REGISTRY_STORAGE_DELETE_ENABLED": "true"})
	s, image := newMirrored(t, at+"/team")
	s.deploy()
	s.write(strings.ReplaceAll(strings.ReplaceAll(one, "%PROJECT%", s.Environment.Project), "LEVEL: a",
		"LEVEL: b"))
	s.deploy()
	before, err := s.Releases(ctx)
	if err == nil {
		err = s.Mirror(ctx, 10, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.named(ctx) // the names that a push gives are gone
	s = s.forget(image)
	after, err := s.Releases(ctx)
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Fatalf("the registry has %+v, %v, wanted %+v", after, err, before)
	}
	if err := s.Fetch(ctx, s.Environment, "web", after[1].Images["web"], nil); err != nil {
		t.Fatal(err)
	}
	r := after[1]
	r.Number = 3
	s.record(r)
	list, err := s.engine.ImageList(ctx, client.ImageListOptions{Filters: client.Filters{}.Add("label",
		label.Project+"="+s.Environment.Project, label.Release)})
	if err != nil || len(list.Items) != 3 {
		t.Errorf("the engine has %d records, %v, wanted 3", len(list.Items), err)
	}
	p := release.Compare(r.Model, release.Model{}, s.live(), nil)
	if err := s.Apply(ctx, p, r, deploy.ApplyOptions{Timeout: s.timeout}); err != nil {
		t.Fatal(err)
	}
	if live := s.live().Model.Services["web"].Fields; live["image"] != image ||
		live["environment.LEVEL"] != "a" {
		t.Errorf("what runs is %v", live)
	}
	s.pruned(ctx)
}

// named fails where the engine has a name of the registry's for anything of the fixture.
func (s *fixture) named(ctx context.Context) {
	s.t.Helper()
	list, err := s.engine.ImageList(ctx, client.ImageListOptions{Filters: client.Filters{}.Add("reference",
		s.Environment.Registry+"/*")})
	if err != nil || len(list.Items) > 0 {
		s.t.Errorf("%d images have names of the registry, %v", len(list.Items), err)
	}
}

// mirrorRepository returns the repository in which the registry keeps the releases.
func (s *fixture) mirrorRepository() registry.Repository {
	return registry.Repository{Name: s.Environment.Registry + "/" + s.project}
}

// pruned shares the third release, keeps one, and looks what the registry has: the last two healthy ones always stay.
func (s *fixture) pruned(ctx context.Context) {
	s.t.Helper()
	if err := s.Mirror(ctx, 1, nil); err != nil {
		s.t.Fatal(err)
	}
	tags, err := s.mirrorRepository().Tags(ctx)
	slices.Sort(tags)
	if err != nil || len(tags) != 3 || !strings.HasPrefix(tags[0], "image-") ||
		tags[1] != "release-000002-healthy" || tags[2] != "release-000003-healthy" {
		s.t.Errorf("the registry has %q, %v", tags, err)
	}
}

// TestASecondEngineTakesFromTheRegistry: what the source has lost cannot be streamed.
func TestASecondEngineTakesFromTheRegistry(t *testing.T) {
	t.Parallel()
	s, image := newMirrored(t, registrytest.Start(t, nil)+"/team")
	s.deploy()
	if err := s.Mirror(t.Context(), 10, nil); err != nil {
		t.Fatal(err)
	}
	images := maps.Clone(s.last().Images)
	s = s.forget(image)
	o := s.Options
	o.Environment.Name = "staging"
	if err := New(o).Fetch(t.Context(), s.Environment, "web", images["web"], nil); err != nil {
		t.Fatal(err)
	}
	if has, err := s.images.Has(t.Context(), image); err != nil || !has {
		t.Errorf("the image is there: %v, %v", has, err)
	}

	// What somebody else has put under its tag is not taken for it.
	ref, other := s.mirrorRepository().Name+":image-"+
		strings.TrimPrefix(image, "sha256:"), enginetest.Image(t, s.Environment.Project+"-other")
	for _, args := range [][]string{{"tag", other, ref}, {"push", "-q", ref}, {"rmi", ref}} {
		if out, err := exec.Command("docker", args...).CombinedOutput(); err != nil {
			t.Fatalf("docker %v: %v: %s", args, err, out)
		}
	}
	s = s.forget(image)
	err := s.Fetch(t.Context(), s.Environment, "web", images["web"], nil)
	if err == nil || !strings.Contains(err.Error(), ref+" is a different image, with the id "+other) {
		t.Errorf("got %v", err)
	}
	s.named(t.Context())
}

// last returns the last release.
func (s *fixture) last() release.Release {
	s.t.Helper()
	all, err := s.Releases(s.t.Context())
	if err != nil || len(all) == 0 {
		s.t.Fatalf("%d releases, %v", len(all), err)
	}
	return all[0]
}
