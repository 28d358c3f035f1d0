package deploy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// locked returns a Compose file with a declared secret and a version.
func locked(version string) string {
	return fmt.Sprintf(`
services:
  web: {image: busybox, command: [sleep, inf], environment: {VERSION: %q, DOOR: "${DOOR}"}, secrets: [door]}
secrets: {door: {environment: DOOR}}
`, version)
}

// door returns the hash of the secret in a release.
func door(r release.Release) string { return r.Model.Services["web"].Fields["environment.DOOR"] }

// expectDoor fails where the containers do not have the value.
func (f *fixture) expectDoor(environment, value string) {
	f.Helper()
	want := release.HMACSecret([]byte("key"), value)
	for _, c := range f.live(environment).Containers["web"] {
		if c.Fields["environment.DOOR"] != want {
			f.Errorf("the secret of %s is %s, wanted %s", c.Name, c.Fields["environment.DOOR"], want)
		}
	}
}

// TestRollbackKeepsAReplacedSecret: the value of the caller counts, the plan says so, and the new release has the
// hash of what is applied.
func TestRollbackKeepsAReplacedSecret(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", locked("v1"))
	f.secrets = map[string]string{"DOOR": "open sesame"}
	first := f.deployed("dev")
	f.secrets["DOOR"] = "another word"
	f.compose(locked("v2"))
	second := f.deployed("dev")
	out, err := f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.must(err)
	f.expectVersion("dev", "v1")
	f.expectDoor("dev", "another word")
	if got := door(out.Release); got != door(second) || got == door(first) {
		t.Errorf("the hash is %s; %s, then %s before", got, door(first), door(second))
	}
	f.expectNote("the secret DOOR changes: the value that is set now is not the one of release 1")
	f.expectNoValue("open sesame", "another word")
	f.secrets["DOOR"] = "" // as in a pipeline: the value of the containers counts
	_, err = f.Rollback(t.Context(), f.request("dev"), 2, f.emit)
	f.must(err)
	f.expectVersion("dev", "v2")
	f.expectDoor("dev", "another word")
	_, err = f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.expectError(err, fault.Refused, "release 1 of dev was made with the value of DOOR, and neither the caller")
}

// TestPromotionTakesTheSecretOfTheCaller: a secret that has been replaced in the source does not count.
func TestPromotionTakesTheSecretOfTheCaller(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\n[environments.staging]\n", locked("v1"))
	f.secrets = map[string]string{"DOOR": "open sesame"}
	f.deployed("dev")
	f.secrets["DOOR"] = "another word"
	f.deployed("staging")
	f.expectDoor("staging", "another word")
	f.expectDoor("dev", "open sesame")
	f.secrets["DOOR"] = "third word"
	if p, err := f.Propose(t.Context(), f.request("staging"), f.emit); err != nil || len(p.Plan.Changes) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	f.secrets["DOOR"] = ""
	_, err := f.deploy("staging")
	f.expectError(err, fault.Refused, "environment staging needs the secret DOOR")
}

// expectNote fails where the last plan has no such note.
func (f *fixture) expectNote(note string) {
	f.Helper()
	if notes := f.proposals[len(f.proposals)-1].Notes; len(notes) != 1 || notes[0] != note {
		f.Errorf("notes %q, wanted %q", notes, note)
	}
}

// expectNoValue fails where a plan or an event has a value.
func (f *fixture) expectNoValue(values ...string) {
	f.Helper()
	text := fmt.Sprint(f.events)
	for _, p := range f.proposals {
		text += fmt.Sprintf("%+v %s", p, p.Release.Compose)
	}
	for _, value := range values {
		if strings.Contains(text, value) {
			f.Errorf("%q is shown", value)
		}
	}
}
