package deploy_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// withRoot returns a record whose Compose text mounts the root folder of the machine into web. Everything else
// is as it was.
func withRoot(t *testing.T, text string) string {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	compose, err := base64.StdEncoding.DecodeString(doc["compose"].(string))
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(compose), `"image":`, `"volumes": [{"type": "bind", "source": "/", "target": "/host"}], "image":`, 1)
	doc["compose"] = []byte(changed)
	out, err := json.Marshal(doc)
	if err != nil || changed == string(compose) {
		t.Fatal(err, changed)
	}
	return string(out)
}

// simple is one service without anything else.
func simple(version string) string {
	return `services: {web: {image: busybox, command: [sleep, "1000"], environment: {VERSION: ` + version + `}}}`
}

// tampered deploys two releases and changes the text of the first one where the releases are kept.
func tampered(t *testing.T) *fixture {
	f := newFixture(t, "", simple("v1"))
	f.deployed("dev")
	f.compose(simple("v2"))
	f.deployed("dev")
	env := must(f.Find("dev"))
	all := f.engine("").Records(env)
	all[1].Text = withRoot(t, all[1].Text)
	f.engine("").ReplaceRecords(env, all)
	return f
}

// untouched checks that nothing but looking has been done.
func (f *fixture) untouched(before []string) {
	f.Helper()
	if after := f.engine("").Containers(); !slices.Equal(before, after) {
		f.Errorf("containers %q, before %q", after, before)
	}
	f.expectVersion("dev", "v2")
	f.expectReleases("dev", "2 healthy, 1 healthy")
}

// TestTextOfAReleaseIsChanged: a release whose text was changed where it is kept is not rolled back to, nor is
// anything else changed. What looks says so.
func TestTextOfAReleaseIsChanged(t *testing.T) {
	t.Parallel()
	f := tampered(t)
	before := f.engine("").Containers()
	for name, change := range map[string]func() error{
		"rollback": func() error { _, err := f.Rollback(t.Context(), f.request("dev"), 1, f.emit); return err },
		"deploy":   func() error { _, err := f.deploy("dev"); return err },
		"heal":     func() error { _, err := f.heal(); return err },
		"destroy":  func() error { return f.Destroy(t.Context(), f.request("dev"), nil, f.emit) },
		"watch": func() error {
			return f.Watch(t.Context(), f.healRequest("dev"), 1, func(deploy.WatchEvent) {})
		},
	} {
		t.Log(name)
		f.expectError(change(), fault.Refused, "the history of dev is not as it was left",
			"release 1 is not the one that release 2 follows", "davit releases dev", "--accept-history")
		f.untouched(before)
	}
	if !f.said("release 1 is not the one that release 2 follows") {
		t.Errorf("nobody who looks is told: %+v", f.events)
	}
}

// TestAcceptedHistory: what somebody accepts is shown as it is before it is applied, and is no longer refused.
func TestAcceptedHistory(t *testing.T) {
	t.Parallel()
	f := tampered(t)
	r := f.accepting("dev")
	f.refuse = errNo
	if _, err := f.Rollback(t.Context(), r, 1, f.emit); !errors.Is(err, errNo) {
		t.Fatal(err)
	}
	shown := f.proposals[len(f.proposals)-1]
	if text := must(json.Marshal(shown.Plan)); !strings.Contains(string(text), `{"path":"volumes./host","before":null,"after":"bind /"`) {
		t.Errorf("the plan does not show what would be mounted: %s", text)
	}
	f.refuse = nil
	f.compose(simple("v3"))
	f.deployed("dev")
	f.compose(simple("v4"))
	f.deployed("dev")
	f.expectReleases("dev", "4 healthy, 3 healthy, 2 healthy, 1 healthy")
}

// TestPartsOfAReleaseDisagree: a record of an old format has a model besides its text, and both have to mean the
// same. No chain is needed to find that.
func TestPartsOfAReleaseDisagree(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", simple("v2"))
	f.deployed("dev")
	env := must(f.Find("dev"))
	all := f.engine("").Records(env)[1:]
	releases := must(f.backend("dev").Releases(t.Context()))
	old := releases[0]
	old.Format, old.Chain, old.Keep = 2, nil, 0
	text := string(must(json.Marshal(old)))
	f.engine("").ReplaceRecords(env, []deploytest.Record{{Number: 1, Result: release.Healthy, Text: text}})
	f.forget()
	_, err := f.deploy("dev")
	f.must(err)
	all[0].Text = withRoot(t, text)
	f.engine("").ReplaceRecords(env, all)
	f.forget()
	_, err = f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.expectError(err, fault.Refused,
		"release 1 of dev cannot be used: its model and its Compose text disagree about services/web/volumes./host")
	_, err = f.Rollback(t.Context(), f.accepting("dev"), 1, f.emit)
	f.expectError(err, fault.Refused, "release 1 of dev cannot be used")
	f.expectVersion("dev", "v2")
}

// TestReleasesAreGone: after a prune nothing lists the releases, and the hint does not say so.
func TestReleasesAreGone(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", simple("v1"))
	f.deployed("dev")
	f.engine("").Forget(must(f.Find("dev")))
	_, err := f.deploy("dev")
	f.expectError(err, fault.Refused, "its releases are gone, and this machine has seen 1", " → a prune of the engine's images")
	_, err = f.Deploy(t.Context(), f.accepting("dev"), f.emit)
	f.must(err)
}

// TestTheRegistryHasAnotherRelease: where both have a record, it is the same.
func TestTheRegistryHasAnotherRelease(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "registry = \"registry.example.com/team\"\n", simple("v1"))
	f.deployed("dev")
	f.compose(simple("v2"))
	f.deployed("dev")
	env := must(f.Find("dev"))
	all := f.engine("").Records(env)
	f.world.ReplaceLayer("registry.example.com/team/shop-dev:release-000002-healthy", withRoot(t, all[3].Text))
	_, err := f.deploy("dev")
	f.expectError(err, fault.Refused, "the registry and the engine have two different releases 2",
		"another engine", "registry = false in [environments.dev]")
	f.engine("").Forget(env)
	_, err = f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.expectError(err, fault.Refused, "release 2 is not the one that this machine has seen")
	f.expectVersion("dev", "v2")
}

// TestSavedPlanIsChanged: a plan is what its text means, and it follows the last release.
func TestSavedPlanIsChanged(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", simple("v1"))
	f.deployed("dev")
	f.compose(simple("v2"))
	p := f.saved("dev")
	for want, change := range map[string]func(*deploy.Proposal){
		"its model and its Compose text disagree about services/web/volumes./host": func(p *deploy.Proposal) {
			p.Release.Compose = []byte(strings.Replace(string(p.Release.Compose), `"image":`,
				`"volumes": [{"type": "bind", "source": "/", "target": "/host"}], "image":`, 1))
		},
		"its changes are not those of its release": func(p *deploy.Proposal) { p.Plan.Changes = nil },
		"follows another release":                  func(p *deploy.Proposal) { p.Head = "sha256:0" },
		"its Compose text and its images disagree": func(p *deploy.Proposal) {
			i := p.Release.Images["web"]
			i.Digest = "sha256:0"
			p.Release.Images = map[string]release.Image{"web": i}
		},
	} {
		one := *p
		change(&one)
		_, err := f.carryOut(&one)
		f.expectError(err, fault.Refused, want)
	}
	f.expectVersion("dev", "v1")
	_, err := f.carryOut(p)
	f.must(err)
}
