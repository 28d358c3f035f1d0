package deploy_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
	"github.com/davit-dev/davit/runner/signature"
)

// newKey writes a private key of ssh, and returns the public one.
func (f *fixture) newKey(name string) trust.Key {
	f.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	f.must(err)
	text, err := ssh.MarshalPrivateKey(private, name)
	f.must(err)
	f.must(os.WriteFile(filepath.Join(f.dir, name), pem.EncodeToMemory(text), 0o600))
	known, err := ssh.NewPublicKey(public)
	f.must(err)
	return must(trust.ParseKey(string(ssh.MarshalAuthorizedKey(known))))
}

// trusting has releases signed by the key in a file, and requires a signature by one of some keys.
func (f *fixture) trusting(key string, keys ...trust.Key) {
	f.SignKey, f.Environments.Signatures = key, signature.Keys{}
	f.Trust = func() (trust.Rules, error) {
		if len(keys) == 0 {
			return nil, nil
		}
		return trust.Rules{{Prefix: trust.Releases, Keys: keys, File: "project.toml"}, {Prefix: trust.Any, File: "project.toml"}}, nil
	}
}

// changes are the commands that use a release of dev, or that make one.
func (f *fixture) changes() map[string]func() error {
	return map[string]func() error{
		"deploy":   func() error { _, err := f.deploy("dev"); return err },
		"rollback": func() error { _, err := f.Rollback(f.Context(), f.request("dev"), 1, f.emit); return err },
		"heal":     func() error { _, err := f.heal(); return err },
		"watch": func() error {
			return f.Watch(f.Context(), f.healRequest("dev"), 1, func(deploy.WatchEvent) {})
		},
		"promotion": func() error { _, err := f.deploy("production"); return err },
	}
}

const twoEnvironments = "[environments.dev]\n[environments.production]\n"

// TestSignedReleases: with a key, each healthy release is signed, and counts where [trust] requires it.
func TestSignedReleases(t *testing.T) {
	t.Parallel()
	f := newFixture(t, twoEnvironments, simple("v1"))
	team := f.newKey("team")
	f.trusting("team", team)
	f.deployed("dev")
	f.compose(simple("v2"))
	f.deployed("dev")
	f.deployed("production")
	out := must(f.Rollback(t.Context(), f.request("dev"), 1, f.emit))
	if out.Release.Number != 3 {
		t.Errorf("got release %d", out.Release.Number)
	}
	f.engine("").Kill("shop-dev-web-1")
	must(f.heal())
	f.expectVersion("dev", "v1")
	for _, r := range must(f.backend("dev").Releases(t.Context())) {
		all := must(f.backend("dev").Signatures(t.Context(), r))
		if len(all) != 1 || (signature.Keys{}).Verify(team, all[0]) != nil {
			t.Errorf("release %d has the signatures %+v", r.Number, all)
		}
	}
}

// TestUnsignedReleases: releases of before, and those that another key has signed, are not used where [trust] requires
// a signature. One that is deployed in their place is signed, although nothing else changes.
func TestUnsignedReleases(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]string{"none": "", "other": "other"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, twoEnvironments, simple("v1"))
			team, _ := f.newKey("team"), f.newKey("other")
			f.trusting(before)
			f.deployed("dev")
			f.compose(simple("v2"))
			f.deployed("dev")
			f.trusting("team", team)
			want := "has no signature, which [trust] in project.toml requires for \"releases\""
			if before != "" {
				want = "has no signature by one of its keys, which [trust] in project.toml requires for \"releases\""
			}
			containers := f.engine("").Containers()
			for name, change := range f.changes() {
				t.Log(name)
				f.expectError(change(), fault.Refused, "release ", want)
				f.untouched(containers)
			}
			_, err := f.Rollback(t.Context(), f.accepting("dev"), 1, f.emit)
			f.expectError(err, fault.Refused, "release 1 of dev "+want, "davit releases dev lists the others")
			must(f.Deploy(t.Context(), f.accepting("dev"), f.emit))
			f.deployed("production")
			f.expectReleases("dev", "3 healthy, 2 healthy, 1 healthy")
			f.expectVersion("production", "v2")
		})
	}
}

// TestNobodySignsWhatHasToBeSigned: without a key, or with one that does not count, nothing is deployed.
func TestNobodySignsWhatHasToBeSigned(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", simple("v1"))
	team, _ := f.newKey("team"), f.newKey("other")
	for key, want := range map[string]string{
		"":      `a release of dev has no signature, which [trust] in project.toml requires for "releases", and no key is set`,
		"other": `/other" has no signature by one of its keys, which [trust] in project.toml requires`,
	} {
		f.trusting(key, team)
		_, err := f.deploy("dev")
		f.expectError(err, fault.Refused, want)
	}
	f.trusting("absent", team)
	_, err := f.deploy("dev")
	f.expectError(err, fault.FailedPrecondition, `/absent" cannot be read: no such file or directory`)
	if all := f.engine("").Containers(); len(all) > 0 {
		t.Errorf("there are containers: %q", all)
	}
}

// TestAKeyIsReplaced: with both keys, what the old one has signed still counts, and the new one signs.
func TestAKeyIsReplaced(t *testing.T) {
	t.Parallel()
	f := newFixture(t, twoEnvironments, simple("v1"))
	old, fresh := f.newKey("old"), f.newKey("fresh")
	f.trusting("old", old)
	f.deployed("dev")
	f.trusting("fresh", old, fresh)
	f.compose(simple("v2"))
	f.deployed("dev")
	must(f.Rollback(t.Context(), f.request("dev"), 1, f.emit))
	f.trusting("fresh", fresh)
	f.deployed("production")
	_, err := f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.expectError(err, fault.Refused, "release 1 of dev has no signature by one of its keys")
	must(f.Rollback(t.Context(), f.request("dev"), 2, f.emit))
	f.expectVersion("dev", "v2")
}

// TestARecordIsChangedUnderItsSignature: the newest record of an environment is changed where this machine has not seen it, and
// its signature is of another one.
func TestARecordIsChangedUnderItsSignature(t *testing.T) {
	t.Parallel()
	f := newFixture(t, twoEnvironments, simple("v1"))
	f.trusting("team", f.newKey("team"))
	f.deployed("dev")
	f.compose(simple("v2"))
	f.deployed("dev")
	containers := f.engine("").Containers()
	f.engine("").ChangeRecords(must(f.Find("dev")), func(text string) string {
		if strings.Contains(text, `"number":2`) && strings.Contains(text, `"healthy"`) {
			return withRoot(t, text)
		}
		return text
	})
	f.forget()
	for name, change := range f.changes() {
		t.Log(name)
		want := "release 2 of dev has no signature, which [trust]"
		if name == "rollback" {
			f.expectError(change(), fault.Refused, want)
			continue
		}
		f.expectError(change(), fault.Refused, want)
	}
	if after := f.engine("").Containers(); strings.Join(after, " ") != strings.Join(containers, " ") {
		t.Errorf("containers %q, before %q", after, containers)
	}
}

// TestSignaturesAreMirrored: an engine that has lost everything has the signatures of the registry, which go with their releases.
func TestSignaturesAreMirrored(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "registry = \"registry.example.com/team\"\n[environments.dev]\nkeep = 2\n", simple("v1"))
	f.trusting("team", f.newKey("team"))
	f.deployed("dev")
	f.engine("").Forget(must(f.Find("dev")))
	f.compose(simple("v2"))
	f.deployed("dev")
	must(f.Rollback(t.Context(), f.request("dev"), 1, f.emit))
	f.compose(simple("v4"))
	f.deployed("dev")
	tags := strings.Join(f.world.Tags("registry.example.com/team/shop-dev"), " ")
	for number, there := range map[string]bool{"000001": false, "000002": false, "000003": true, "000004": true} {
		if strings.Contains(tags, "signature-"+number) != there {
			t.Errorf("signature of %s: %s", number, tags)
		}
	}
	yes := func(context.Context, deploy.Removal) error { return nil }
	f.must(f.Destroy(t.Context(), deploy.Request{Environment: "dev", Releases: true}, yes, f.emit))
	if tags := f.world.Tags("registry.example.com/team/shop-dev"); len(tags) > 0 {
		t.Errorf("the registry still has %q", tags)
	}
}

// TestAnOldSignatureIsNoOther: a signature of another record, with its text, does not count for a release.
func TestAnOldSignatureIsNoOther(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", simple("v1"))
	f.trusting("team", f.newKey("team"))
	first := f.deployed("dev")
	f.compose(simple("v2"))
	f.deployed("dev")
	all := must(f.backend("dev").Releases(t.Context()))
	if some := must(f.backend("dev").Signatures(t.Context(), release.Release{Number: first.Number, Digest: all[0].Digest})); len(some) != 1 || some[0].CoversRelease(all[1].Digest) {
		t.Errorf("got %+v", some)
	}
}

// TestSignedImages: an image whose signature is required is verified before it is pulled, and pulled by the digest that has
// it. One that the engine has is verified by its digest, and one without a signature is not deployed.
func TestSignedImages(t *testing.T) {
	t.Parallel()
	f := newFixture(t, twoEnvironments, `services: {web: {image: "registry.example.com/base:1", command: [sleep, "1000"]}}`)
	good := f.world.Publish("registry.example.com/base:1", deploytest.Image{Content: "good"})
	asked := []string{}
	signed := map[string]bool{good: true}
	f.SignedImage = func(_ context.Context, ref string) (string, error) {
		asked = append(asked, ref)
		_, digest, pinned := strings.Cut(ref, "@")
		if !pinned {
			digest = good
		}
		if !signed[digest] {
			return "", fault.Refusef("", "the image %q has no signature", ref)
		}
		return digest, nil
	}
	f.deployed("dev")
	f.world.Publish("registry.example.com/base:1", deploytest.Image{Content: "bad"}) // whoever pulls by the tag gets it
	f.deployed("dev")
	f.deployed("production")
	for _, at := range []string{"dev", "production"} {
		if got := must(f.backend(at).Releases(t.Context()))[0].Images["web"].Digest; got != good {
			t.Errorf("%s has %s, wanted %s", at, got, good)
		}
	}
	if asked[0] != "registry.example.com/base:1" || asked[len(asked)-1] != "registry.example.com/base@"+good {
		t.Errorf("asked for %q", asked)
	}
	signed[good] = false
	for _, at := range []string{"dev", "production"} {
		_, err := f.deploy(at)
		f.expectError(err, fault.Refused, "has no signature")
	}
}
