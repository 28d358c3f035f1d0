package deploy_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// destroy destroys dev, and returns what was confirmed.
func (f *fixture) destroy(r deploy.Request) (confirmed deploy.Removal) {
	f.Helper()
	f.must(f.Destroy(f.Context(), r, func(_ context.Context, r deploy.Removal) error { confirmed = r; return nil }, f.emit))
	return confirmed
}

// logged returns the actions of the log of dev, the newest first: "destroy, deploy".
func (f *fixture) logged() string {
	f.Helper()
	all, err := f.Log(f.Context(), "dev")
	f.must(err)
	var actions []string
	for _, entry := range all {
		actions = append(actions, entry.Action)
	}
	return strings.Join(actions, ", ")
}

// TestDestroyOfNothing: there is nothing to confirm twice, and nothing to log. Volumes that stayed are something.
func TestDestroyOfNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	r := f.request("dev")
	if !f.destroy(r).Empty() || f.logged() != "" {
		t.Errorf("before the first deploy there is something, or %q", f.logged())
	}
	f.deployed("dev")
	if f.destroy(r).Empty() || !f.destroy(r).Empty() {
		t.Error("the first destroy removes nothing, or the second one something")
	}
	r.Volumes = true
	if f.destroy(r).Empty() || !f.destroy(r).Empty() {
		t.Error("the volumes are not removed, or twice")
	}
	if log := f.logged(); log != "destroy, destroy, deploy" {
		t.Errorf("the log has %q", log)
	}
}

// TestDestroyWithReleases: nothing is left to go back to. No machine takes the releases for lost, and the numbers go on.
func TestDestroyWithReleases(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.compose(shop("v2", "true"))
	f.deployed("dev")
	r := f.request("dev")
	f.destroy(r)
	if r.Releases = true; f.destroy(r).Empty() || !f.destroy(r).Empty() {
		t.Error("the releases are not removed, or twice")
	}
	f.expectReleases("dev", "")
	if log := f.logged(); log != "remove releases, destroy, destroy" {
		t.Errorf("the log has %q", log)
	}
	if s := f.status("dev"); s.Down == nil || s.Release != nil {
		t.Errorf("status %+v", s)
	}
	_, err := f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.expectError(err, fault.FailedPrecondition, "dev has no release 1")
	f.deployed("dev")
	f.deployed("dev")
	f.expectReleases("dev", "3 healthy")
	if f.said("as it was left") {
		t.Errorf("events %+v", f.events)
	}
}

// TestDestroyWithMirroredReleases: the registry has none of them either, or they would come back.
func TestDestroyWithMirroredReleases(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "registry = \"registry.example.com/team\"\n", shop("v1", "true"))
	f.deployed("dev")
	r := f.request("dev")
	r.Releases = true
	f.world.BreakRegistries(errors.New("connection refused"))
	err := f.Destroy(t.Context(), r, func(context.Context, deploy.Removal) error { return nil }, f.emit)
	f.expectError(err, fault.Failed, "the releases of dev are not removed: ", "connection refused", "davit destroy dev --releases tries again",
		"registry = false")
	f.expectReleases("dev", "1 healthy")
	if log := must(f.Log(t.Context(), "dev")); log[0].Result != "failed" || !strings.Contains(log[0].Detail, "connection refused") {
		t.Errorf("the log has %+v", log[0])
	}
	f.world.BreakRegistries(nil)
	f.destroy(r)
	f.expectReleases("dev", "")
	f.deployed("dev")
	f.expectReleases("dev", "2 healthy")
}

// TestVolumesOfOthers: a service with the volumes of a container of somebody else has none of its own where its image has one
// too, so that none goes with the environment.
func TestVolumesOfOthers(t *testing.T) {
	t.Parallel()
	const compose = "services: {web: {image: busybox, command: [sleep, \"1000\"], volumes_from: [\"container:other\"], environment: {V: \"%d\"}}}"
	f := newFixture(t, "", "")
	f.engine("").AddImage("busybox", deploytest.Image{Content: "busybox", Volumes: []string{"/kept"}})
	f.must(f.engine("").Run(deploytest.Foreign{Name: "other", Fields: release.Fields{"volumes./kept": "anonymous"}}))
	for v := range 2 {
		f.compose(fmt.Sprintf(compose, v))
		f.deployed("dev")
		if s := f.status("dev"); !s.InSync || !s.Healthy {
			t.Errorf("status %+v", s)
		}
	}
	if at := f.live("dev").Model.Services["web"].AnonymousVolumes(); len(at) > 0 {
		t.Errorf("volumes of its own at %q", at)
	}
	f.destroy(f.request("dev"))
	if left := f.live("dev").Unnamed; len(left) > 0 {
		t.Errorf("destroy keeps %q for later", left)
	}
}

// TestKilledDestroy: whenever a destroy is killed, the status is true, and the next destroy, deploy or heal ends well. What
// nothing is left of is down.
func TestKilledDestroy(t *testing.T) {
	t.Parallel()
	begin := func(t *testing.T) (*fixture, deploy.Request) {
		f := newFixture(t, "", shop("v1", "true"))
		f.deployed("dev")
		r := f.request("dev")
		r.Volumes, r.Releases = true, true
		return f, r
	}
	f, r := begin(t)
	steps := f.killed(1<<30, func() { f.destroy(r) })
	for n := range steps {
		f, r := begin(t)
		f.killed(n+1, func() { f.destroy(r) })
		f.engine("").LeaveLock(must(f.Find("dev")), "carol", "destroy")
		gone := len(f.live("dev").Containers) == 0
		if s := f.status("dev"); (s.Down != nil) != gone {
			t.Errorf("%d of %d: status %+v", n, steps, s)
		}
		if n%2 == 0 {
			f.deployed("dev")
			if s := f.status("dev"); !s.Healthy || !s.InSync {
				t.Errorf("%d of %d: status %+v", n, steps, s)
			}
		}
		f.destroy(r)
		if s := f.status("dev"); s.Down == nil || f.releases("dev") != "" || len(f.live("dev").Model.Volumes) > 0 {
			t.Errorf("%d of %d: status %+v, releases %s", n, steps, s, f.releases("dev"))
		}
	}
}

// TestPromotionOfADestroyedEnvironment says that it is down, and what to type.
func TestPromotionOfADestroyedEnvironment(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\n[environments.staging]\n", shop("v1", "true"))
	f.deployed("dev")
	f.destroy(f.request("dev"))
	_, err := f.deploy("staging")
	f.expectError(err, fault.Refused, "staging takes a release that is healthy in dev, and dev is down: ann",
		"davit deploy dev deploys it again; --force-skip takes release 1")
	r := f.request("staging")
	r.ForceSkip = true
	out, err := f.Deploy(t.Context(), r, f.emit)
	if f.must(err); out.Release.Result != release.Healthy || !out.Release.Forced {
		t.Errorf("outcome %+v", out)
	}
}
