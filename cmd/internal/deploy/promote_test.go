package deploy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/history"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// built is a project that builds one service for three environments.
const built = `services: {web: {build: ., command: [sleep, "1000"], environment: {VERSION: v1}}, side: {image: busybox}}`

const ladder = "[environments.dev]\n[environments.staging]\n[environments.production]\n"

func TestPromotionIsByDigest(t *testing.T) {
	t.Parallel()
	f := newFixture(t, ladder, built)
	f.builder.content = "one"
	dev := f.deployed("dev")
	f.builder.content = "two" // what is checked out now is of no account
	staging := f.deployed("staging")
	if staging.Images["web"].Digest != dev.Images["web"].Digest || staging.Revision != "c0ffeeone" ||
		staging.From != "dev 1" || staging.Forced || f.builder.built != 1 {
		t.Errorf("staging %+v, built %d", staging, f.builder.built)
	}
	production := f.deployed("production")
	if production.Images["web"].Digest != dev.Images["web"].Digest || production.From != "staging 1" {
		t.Errorf("production %+v", production)
	}
}

func TestPromotionNeedsAHealthySource(t *testing.T) {
	t.Parallel()
	f := newFixture(t, ladder, shop("v1", "true"))
	_, err := f.deploy("staging")
	f.expectError(err, fault.Refused,
		"staging takes a release that is healthy in dev, and nothing has been deployed there",
		"davit deploy dev")
	f.deployed("dev")
	f.kill("shop-dev-web-1")
	_, err = f.deploy("staging")
	f.expectError(err, fault.Refused, "and dev is not: web 0 of 1: exited with exit code 137", "--force-skip")
	r := f.request("staging")
	r.ForceSkip = true
	out, err := f.Deploy(t.Context(), r, f.emit)
	if f.must(err); !out.Release.Forced || out.Release.From != "dev 1" {
		t.Errorf("release %+v", out.Release)
	}
}

func TestFrom(t *testing.T) {
	t.Parallel()
	f := newFixture(t, ladder, shop("v1", "true"))
	f.deployed("dev")
	r := f.request("production")
	r.From = "dev"
	_, err := f.Deploy(t.Context(), r, f.emit)
	f.expectError(err, fault.Refused,
		"production requires a release that is healthy in staging, and --from dev skips that", "--force-skip")
	r.ForceSkip = true
	out, err := f.Deploy(t.Context(), r, f.emit)
	if f.must(err); !out.Release.Forced || out.Release.From != "dev 1" {
		t.Errorf("release %+v", out.Release)
	}
	r = f.request("dev")
	r.From = "production"
	if out, err = f.Deploy(t.Context(), r, f.emit); err != nil || out.Changed {
		t.Errorf("dev from production: %+v, %v", out, err)
	}
	r.From = "dev"
	_, err = f.Deploy(t.Context(), r, f.emit)
	f.expectError(err, fault.FailedPrecondition, "dev cannot take a release from itself")
	r.From = "nowhere"
	_, err = f.Deploy(t.Context(), r, f.emit)
	f.expectError(err, fault.FailedPrecondition, `there is no environment "nowhere"`)
}

// TestServiceThatTheSourceLacks: what would have to be built is refused, and what is pulled is pulled.
func TestServiceThatTheSourceLacks(t *testing.T) {
	t.Parallel()
	f := newFixture(t, ladder, built)
	f.deployed("dev")
	f.compose(strings.Replace(built, "services: {",
		"services: {other: {image: busybox, command: [sleep, \"1000\"]}, ", 1))
	if r := f.deployed("staging"); r.Images["other"].Name != "busybox" {
		t.Errorf("images %+v", r.Images)
	}
	f.compose(strings.Replace(built, "services: {", "services: {other: {build: .}, ", 1))
	_, err := f.deploy("staging")
	f.expectError(err, fault.Refused,
		`dev 1 has no service "other", whose image would have to be built, and staging builds nothing`)
}

const apart = "[environments.dev]\n[environments.staging]\nengine = \"tcp://far:2375\"\n"

func TestPromotionBetweenEngines(t *testing.T) {
	t.Parallel()
	f := newFixture(t, apart, built)
	f.engine("tcp://far:2375").AddImage("busybox", deploytest.Image{Content: "another busybox"})
	dev := f.deployed("dev")
	staging := f.deployed("staging")
	if staging.Images["web"].Digest != dev.Images["web"].Digest || staging.Images["side"].Digest != dev.Images["side"].Digest {
		t.Errorf("images %+v and %+v", dev.Images, staging.Images)
	}
	if got := f.live("staging").Model.Services["web"].Fields["image"]; got != dev.Images["web"].Digest {
		t.Errorf("staging runs %s", got)
	}
	f.compose(strings.Replace(built, "v1", "v2", 1))
	f.builder.content = "lost"
	dev = f.deployed("dev")
	f.engine("").RemoveImage(dev.Images["web"].Ref())
	_, err := f.deploy("staging")
	f.expectError(err, fault.FailedPrecondition, `has no image "shop-web"`)
}

func TestPromotionByRegistry(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "registry = \"registry.example.com/team\"\n"+apart, built)
	f.world.Publish("busybox", deploytest.Image{Content: "busybox"})
	dev := f.deployed("dev")
	mirror := history.MirrorRepository(must(f.Find("dev")))
	if tags := f.world.Tags(mirror); len(tags) != 3 || !strings.HasPrefix(tags[2], "release-000001-healthy") {
		t.Errorf("%s has %q", mirror, tags)
	}
	f.engine("").RemoveImage(dev.Images["web"].Ref())
	staging := f.deployed("staging")
	if staging.Images["web"].Digest != dev.Images["web"].Digest {
		t.Errorf("images %+v and %+v", dev.Images, staging.Images)
	}
	f.builder.content = "next"
	dev = f.deployed("dev")
	f.world.BreakRegistries(errors.New("connection refused"))
	f.engine("").RemoveImage(dev.Images["web"].Ref())
	_, err := f.deploy("staging")
	f.expectError(err, fault.FailedPrecondition,
		`the engine of dev has no image "shop-web" any more, and the registry does not help`,
		"connection refused")
}

// TestMirrorThatFails: the release is good all the same, and the next deploy copies what is missing.
func TestMirrorThatFails(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "registry = \"registry.example.com/team\"\n", shop("v1", "true"))
	f.world.BreakRegistries(errors.New("connection refused"))
	f.engine("").Forget(must(f.Find("dev")))
	_, err := f.deploy("dev")
	f.expectError(err, fault.FailedPrecondition,
		"dev has no releases on its engine, and the registry that mirrors them cannot be read: connection refused")
	f.world.BreakRegistries(nil)
	f.deployed("dev")
	f.world.BreakRegistries(errors.New("connection refused"))
	f.compose(shop("v2", "true"))
	f.deployed("dev")
	if !f.said("the releases of dev are on its engine alone, until the next deploy: connection refused") {
		t.Errorf("events %+v", f.events)
	}
	f.world.BreakRegistries(nil)
	f.compose(shop("v3", "true"))
	f.deployed("dev")
	f.engine("").Forget(must(f.Find("dev")))
	f.expectReleases("dev", "3 healthy, 2 healthy, 1 healthy")
	f.compose(shop("v4", "true"))
	if r := f.deployed("dev"); r.Number != 4 {
		t.Errorf("release %d", r.Number)
	}
	f.expectReleases("dev", "4 healthy, 3 healthy, 2 healthy, 1 healthy")
}

// TestMirrorIsPruned: outlived releases go, and the images that only they name.
func TestMirrorIsPruned(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "registry = \"registry.example.com/team\"\n[environments.dev]\nkeep = 2\n", built)
	for _, content := range []string{"one", "two", "three"} {
		f.builder.content = content
		f.deployed("dev")
	}
	tags := f.world.Tags("registry.example.com/team/shop-dev")
	var releases, images int
	for _, tag := range tags {
		if strings.HasPrefix(tag, "release-") {
			releases++
		} else {
			images++
		}
	}
	if releases != 2 || images != 3 { // two of web and one of side
		t.Errorf("tags %q", tags)
	}
}

func TestRecordOfAnotherEnvironment(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "registry = \"registry.example.com/team\"\n", shop("v1", "true"))
	other := release.Environment{Project: "other", Name: "dev", Registry: "registry.example.com/team"}
	b := f.world.Backend(other, deploytest.Options{})
	f.must(b.Record(t.Context(), release.Release{Format: release.Format, Number: 1, Project: "other",
		Environment: "dev", Result: release.Healthy}))
	f.must(b.Mirror(t.Context(), 5, nil))
	for _, tag := range f.world.Tags("registry.example.com/team/other-dev") {
		f.world.CopyTag("registry.example.com/team/other-dev:"+tag, "registry.example.com/team/shop-dev:"+tag)
	}
	s, err := f.Status(t.Context(), "dev")
	if f.must(err); s.Release != nil || !f.said(`release 1 of dev cannot be used: it belongs to environment "dev" of project "other"`) {
		t.Errorf("status %+v, %+v", s, f.events)
	}
	_, err = f.deploy("dev")
	f.expectError(err, fault.Refused, `it belongs to environment "dev" of project "other"`)
}
