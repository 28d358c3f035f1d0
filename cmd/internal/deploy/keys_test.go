package deploy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

const anotherKey = "has its hashes of secrets with another key, so they cannot be compared: all secrets count as changed"

// withKey returns a project with a declared secret whose environments have keys of their own.
func withKey(t *testing.T, toml string) *fixture {
	f := newFixture(t, toml, locked("v1"))
	f.key, f.secrets = nil, map[string]string{"DOOR": "open sesame"}
	return f
}

// notes returns those of the last plan.
func (f *fixture) notes() string { return strings.Join(f.proposals[len(f.proposals)-1].Notes, "\n") }

// expectNothing fails where a deploy has something to change.
func (f *fixture) expectNothing(environment string) {
	f.Helper()
	if out, err := f.deploy(environment); err != nil || out.Changed {
		f.Errorf("changed: %t, %v", out.Changed, err)
	}
}

// TestOldKeyIsReplaced: a release that an old davit has made can be read, and cannot be guessed at from the next one
// on. That its secrets are not compared is told once.
func TestOldKeyIsReplaced(t *testing.T) {
	t.Parallel()
	f := withKey(t, "")
	f.keys = compose.StaticKey(release.DerivedKey("shop").Secret)
	old := f.deployed("dev")
	f.keys = nil
	if s, err := f.Status(t.Context(), "dev"); err != nil || !s.InSync || f.said("key") {
		t.Errorf("%+v, %v, %+v", s, err, f.events)
	}
	f.compose(locked("v2"))
	next := f.deployed("dev")
	if notes := f.notes(); notes != "release 1 "+anotherKey {
		t.Errorf("notes %q", notes)
	}
	if old.Key != "" || next.Key == "" || door(next) == door(old) {
		t.Errorf("keys %q and %q, hashes %s and %s", old.Key, next.Key, door(old), door(next))
	}
	f.expectNothing("dev")
	f.compose(locked("v3"))
	if f.deployed("dev"); f.notes() != "" {
		t.Errorf("notes %q", f.notes())
	}
	out, err := f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.must(err)
	if f.expectVersion("dev", "v1"); out.Release.Key != next.Key || door(out.Release) != door(next) || f.notes() != "" {
		t.Errorf("key %q, hash %s, notes %q", out.Release.Key, door(out.Release), f.notes())
	}
}

// TestAMachineThatIsRebuilt has another key than the releases of the registry: they are brought back with the values
// of the caller, and refused without.
func TestAMachineThatIsRebuilt(t *testing.T) {
	t.Parallel()
	const mirror = "registry.example.com/team"
	f := withKey(t, "registry = \""+mirror+"\"\n")
	first := f.deployed("dev")
	f.compose(locked("v2"))
	f.deployed("dev")
	f.expectNoKey(mirror)
	f.engine("").Forget(must(f.Find("dev")))
	for f.engine("").Remove("shop-dev-web-1") || f.engine("").Remove("shop-dev-web-2") {
	}
	if _, err := f.Status(t.Context(), "dev"); err != nil || !f.said("with a key that is not on its engine") {
		t.Errorf("%v, %+v", err, f.events)
	}
	f.secrets = map[string]string{"DOOR": ""}
	_, err := f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.expectError(err, fault.Refused, "release 1 of dev was made with the value of DOOR")
	f.secrets["DOOR"] = "open sesame"
	out, err := f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.must(err)
	if f.expectVersion("dev", "v1"); out.Release.Key == first.Key || !strings.Contains(f.notes(),
		"the secret DOOR changes: the key of the hashes of release 1 is not here, so the value that is set now counts") {
		t.Errorf("key %q, notes %q", out.Release.Key, f.notes())
	}
	f.expectDoorKey("dev", out.Release)
	f.compose(locked("v2"))
	f.deployed("dev")
	f.expectNothing("dev")
	if f.notes() != "" {
		t.Errorf("notes %q", f.notes())
	}
}

// TestALostKey: where containers are still there and the key is not, nothing is in sync, a deploy is not refused, and
// then everything is as before.
func TestALostKey(t *testing.T) {
	t.Parallel()
	f := withKey(t, "")
	f.key = []byte("a key of the caller")
	f.deployed("dev")
	f.key = nil
	if s, err := f.Status(t.Context(), "dev"); err != nil || !f.said("set DAVIT_RELEASE_KEY as it was then, or davit deploy dev") {
		t.Errorf("%+v, %v", s, err)
	}
	next := f.deployed("dev")
	if notes := f.notes(); notes != "release 1 "+anotherKey || next.Number != 2 {
		t.Errorf("release %d, notes %q", next.Number, notes)
	}
	f.expectNothing("dev")
}

// TestAKeyThatTheCallerKeeps: davit that had no ids of keys has hashed with it too, so nothing changes.
func TestAKeyThatTheCallerKeeps(t *testing.T) {
	t.Parallel()
	f := withKey(t, "")
	f.keys = compose.StaticKey("a key of the caller")
	f.deployed("dev")
	f.key, f.keys = []byte("a key of the caller"), nil
	p, err := f.Propose(t.Context(), f.request("dev"), f.emit)
	if f.must(err); !p.Empty() || len(p.Notes) > 0 {
		t.Errorf("%+v", p)
	}
}

// TestKeysOfTwoEngines: each has a key of its own, and neither sees the other's.
func TestKeysOfTwoEngines(t *testing.T) {
	t.Parallel()
	f := withKey(t, apart)
	dev := f.deployed("dev")
	f.engine("tcp://far:2375").AddImage("busybox", deploytest.Image{Content: "busybox"})
	staging := f.deployed("staging")
	if dev.Key == staging.Key || door(dev) == door(staging) || f.notes() != "" {
		t.Errorf("keys %q and %q, notes %q", dev.Key, staging.Key, f.notes())
	}
	f.expectNothing("staging")
}

// expectDoorKey fails where the containers do not have the hash of a release.
func (f *fixture) expectDoorKey(environment string, r release.Release) {
	f.Helper()
	for _, c := range f.live(environment).Containers["web"] {
		if c.Fields["environment.DOOR"] != door(r) {
			f.Errorf("the secret of %s is %s, wanted %s", c.Name, c.Fields["environment.DOOR"], door(r))
		}
	}
}

// expectNoKey fails where a registry has anything but records and images of releases.
func (f *fixture) expectNoKey(mirror string) {
	f.Helper()
	for _, tag := range f.world.Tags(mirror + "/shop-dev") {
		if !slices.ContainsFunc([]string{"release-", "image-"}, func(p string) bool { return strings.HasPrefix(tag, p) }) {
			f.Errorf("the registry has %q", tag)
		}
	}
	for _, r := range f.engine("").Records(must(f.Find("dev"))) {
		if key := f.engine("").Key(must(f.Find("dev"))); key == "" || strings.Contains(r.Text, key) {
			f.Errorf("release %d has the key %q: %s", r.Number, key, r.Text)
		}
	}
}
