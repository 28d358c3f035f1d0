package compose

import (
	"context"
	"errors"
	"maps"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/registrytest"
	"github.com/davit-dev/davit/internal/release"
	"github.com/davit-dev/davit/runner"
)

func TestEntriesOfAShelf(t *testing.T) {
	tags := []string{
		"release-000002-failed", "image-abc", "release-000001-healthy", "release-000003-pending", "release-000002-pending", "1.0", "release-x-y",
		"release-000010-pending", "release-000010-healthy",
	}
	all := entries(tags)
	var names []string
	for _, e := range all {
		names = append(names, strings.TrimPrefix(e.tag, recordPrefix))
	}
	if got, want := strings.Join(names, " "), "000010-healthy 000003-pending 000002-failed 000001-healthy"; got != want {
		t.Errorf("entries %s, wanted %s", got, want)
	}
	for keep, want := range map[int]int{0: 3, 1: 3, 2: 2, 9: 0} {
		if gone := outlived(all, keep); len(gone) != want {
			t.Errorf("of 4 and with keep %d go %v, wanted %d", keep, gone, want)
		}
	}
	if gone := outlived(all[1:], 1); len(gone) != 1 || gone[0].result != release.Failed {
		t.Errorf("%v go, wanted the failed one alone: the healthy one is what a deploy returns to", gone)
	}
}

func TestNamesThatRegistriesTake(t *testing.T) {
	for name, want := range map[string]string{"shop-dev": "shop-dev", "shop_-dev": "shop-dev", "a_b-c": "a_b-c", "a---b_": "a-b"} {
		if got := repositoryName(name); got != want {
			t.Errorf("%q is called %q, wanted %q", name, got, want)
		}
	}
	for i, want := range map[release.Image]string{
		{Name: "nginx:1.25", Digest: "sha256:1"}:           "docker.io/library/nginx@sha256:1",
		{Name: "127.0.0.1:5000/a/b:2", Digest: "sha256:1"}: "127.0.0.1:5000/a/b@sha256:1",
		{Name: "shop-web"}:                                 "",
	} {
		if got := upstream(i); got != want {
			t.Errorf("%+v comes from %q, wanted %q", i, got, want)
		}
	}
}

const one = `
services:
  web:
    image: %PROJECT%-app
    command: [sleep, "1000"]
    environment: {LEVEL: a}
    stop_signal: SIGKILL
    network_mode: none
`

// shared is a site with an image of its own whose releases a registry keeps too.
func shared(t *testing.T, registry string) (s *site, image string) {
	t.Helper()
	s = newSite(t, "")
	s.Environment.Registry = registry
	s.write(strings.ReplaceAll(one, "%PROJECT%", s.Environment.Project))
	image = build(t, s.Environment.Project+"-app")
	return s, image
}

// build makes an image that no other test has, and returns its id.
func build(t *testing.T, name string) string {
	t.Helper()
	c := exec.Command("docker", "build", "-q", "-t", name, "-")
	c.Stdin = strings.NewReader("FROM busybox\nLABEL test=" + name + "\n")
	out, err := c.Output()
	if err != nil {
		t.Fatalf("docker build: %v", err)
	}
	t.Cleanup(func() { exec.Command("docker", "rmi", "-f", name).Run() })
	return strings.TrimSpace(string(out))
}

// lose removes all that the engine has of a site, and returns the site as one who has never been there sees it.
func (s *site) lose(image string) *site {
	s.t.Helper()
	s.clear()
	if _, err := s.engine.ImageRemove(s.t.Context(), image, client.ImageRemoveOptions{Force: true, PruneChildren: true}); err != nil && !errdefs.IsNotFound(err) {
		s.t.Fatal(err)
	}
	again := *s
	again.Target = New(s.Options)
	return &again
}

func TestALostEngineIsRebuiltFromTheRegistry(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	at := registrytest.Start(t, map[string]string{"REGISTRY_STORAGE_DELETE_ENABLED": "true"})
	s, image := shared(t, at+"/team")
	s.deploy()
	s.write(strings.ReplaceAll(strings.ReplaceAll(one, "%PROJECT%", s.Environment.Project), "LEVEL: a", "LEVEL: b"))
	s.deploy()
	before, err := s.Releases(ctx)
	if err == nil {
		err = s.Share(ctx, 10, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.named(ctx) // the names that a push gives are gone
	s = s.lose(image)
	after, err := s.Releases(ctx)
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Fatalf("the registry has %+v, %v, wanted %+v", after, err, before)
	}
	if err := s.Restore(ctx, after[1], nil); err != nil {
		t.Fatal(err)
	}
	r := after[1]
	r.Number = 3
	s.record(r)
	if all, err := s.records(ctx); err != nil || len(all) != 3 {
		t.Errorf("the engine has %d records, %v, wanted 3", len(all), err)
	}
	p := release.Compare(r.Model, release.Model{}, s.live(), nil)
	if err := s.Apply(ctx, p, r, runner.ApplyOptions{Timeout: s.timeout}); err != nil {
		t.Fatal(err)
	}
	if live := s.live().Model.Services["web"].Fields; live["image"] != image || live["environment.LEVEL"] != "a" {
		t.Errorf("what runs is %v", live)
	}
	s.pruned(ctx)
}

// named fails where the engine has a name of the registry's for anything of the site.
func (s *site) named(ctx context.Context) {
	s.t.Helper()
	list, err := s.engine.ImageList(ctx, client.ImageListOptions{Filters: client.Filters{}.Add("reference", s.Environment.Registry+"/*")})
	if err != nil || len(list.Items) > 0 {
		s.t.Errorf("%d images have names of the registry, %v", len(list.Items), err)
	}
}

// pruned shares the third release, keeps that one alone, and looks what the registry has.
func (s *site) pruned(ctx context.Context) {
	s.t.Helper()
	if err := s.Share(ctx, 1, nil); err != nil {
		s.t.Fatal(err)
	}
	tags, err := s.shelfOf(s.Environment).Tags(ctx)
	slices.Sort(tags)
	if err != nil || len(tags) != 2 || !strings.HasPrefix(tags[0], imagePrefix) || tags[1] != "release-000003-healthy" {
		s.t.Errorf("the registry has %q, %v", tags, err)
	}
}

// TestARegistryThatDoesNotAnswer: an engine without releases may have lost them, and a number must not come twice.
func TestARegistryThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t, "")
	s.Environment.Registry = "127.0.0.1:1/team"
	_, err := s.Releases(t.Context())
	var coded interface {
		ExitCode() int
		Hint() string
	}
	if !errors.As(err, &coded) || coded.ExitCode() != 2 || !strings.HasPrefix(coded.Hint(), "registry = false in [environments.dev]") {
		t.Errorf("got %v", err)
	}
	if err := s.Share(t.Context(), 1, nil); err == nil {
		t.Error("releases were shared with nobody")
	}
}

// TestASecondEngineTakesFromTheRegistry: what the source has lost cannot be streamed.
func TestASecondEngineTakesFromTheRegistry(t *testing.T) {
	t.Parallel()
	s, image := shared(t, registrytest.Start(t, nil)+"/team")
	s.deploy()
	if err := s.Share(t.Context(), 10, nil); err != nil {
		t.Fatal(err)
	}
	images := maps.Clone(s.last().Images)
	s = s.lose(image)
	o := s.Options
	o.Environment.Name = "staging"
	if err := New(o).Send(t.Context(), s.Target, images["web"], nil); err != nil {
		t.Fatal(err)
	}
	if has, err := has(t.Context(), s.engine, image); err != nil || !has {
		t.Errorf("the image is there: %v, %v", has, err)
	}

	// What somebody else has put under its tag is not taken for it.
	ref, other := s.shelfOf(s.Environment).image(image), build(t, s.Environment.Project+"-other")
	for _, args := range [][]string{{"tag", other, ref}, {"push", "-q", ref}, {"rmi", ref}} {
		if out, err := exec.Command("docker", args...).CombinedOutput(); err != nil {
			t.Fatalf("docker %v: %v: %s", args, err, out)
		}
	}
	s = s.lose(image)
	err := s.Restore(t.Context(), release.Release{Number: 1, Images: images}, nil)
	if err == nil || !strings.Contains(err.Error(), ref+" is another image, with the id "+other) {
		t.Errorf("got %v", err)
	}
	s.named(t.Context())
}

// last is the last release.
func (s *site) last() release.Release {
	s.t.Helper()
	all, err := s.Releases(s.t.Context())
	if err != nil || len(all) == 0 {
		s.t.Fatalf("%d releases, %v", len(all), err)
	}
	return all[0]
}
