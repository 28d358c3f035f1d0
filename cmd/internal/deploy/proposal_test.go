package deploy_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// saved returns the plan for an environment, written to a file and read again.
func (f *fixture) saved(environment string) *deploy.Proposal {
	f.Helper()
	p, err := f.Propose(f.Context(), f.request(environment), f.emit)
	f.must(err)
	text, err := json.Marshal(p)
	f.must(err)
	read, err := deploy.ReadProposal(f.file(string(text)))
	f.must(err)
	return read
}

func (f *fixture) file(text string) string {
	f.Helper()
	file := filepath.Join(f.dir, "plan.json")
	f.must(os.WriteFile(file, []byte(text), 0o600))
	return file
}

// carryOut carries out a saved plan.
func (f *fixture) carryOut(p *deploy.Proposal) (deploy.Outcome, error) {
	r := f.request(p.Environment)
	r.Saved = p
	return f.Deploy(f.Context(), r, f.emit)
}

// needed is a service that restarts with the one that it needs.
func needed(version string) string {
	return fmt.Sprintf(`
services:
  db: {image: busybox, command: [sleep, "1000"], environment: {VERSION: %s}}
  web: {image: busybox, command: [sleep, "1000"], depends_on: {db: {condition: service_started, restart: true}}}
`, version)
}

// TestSavedPlan: a plan with a service that restarts is read as it was written, and carried out. A container
// that davit has not made stays.
func TestSavedPlan(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", needed("v1"))
	f.deployed("dev")
	began := f.live("dev").Containers["web"][0]
	f.compose(needed("v2"))
	f.must(f.engine("").Run(deploytest.Foreign{Name: "shop-dev-web-run-1", Project: "shop-dev",
		Service: "web", Oneoff: true}))
	p := f.saved("dev")
	var kinds []string
	for _, c := range p.Plan.Changes {
		kinds = append(kinds, fmt.Sprintf("%s %s %s", c.Kind, c.Subject, c.Name))
	}
	if want := []string{"replace service db", "restart service web"}; !slices.Equal(kinds, want) {
		t.Fatalf("planned %q, wanted %q", kinds, want)
	}
	out, err := f.carryOut(p)
	f.must(err)
	if !out.Changed || out.Release.Number != 2 {
		t.Errorf("outcome %+v", out)
	}
	web := f.live("dev").Containers["web"][0]
	if web.ID != began.ID || !web.Started.After(began.Started) {
		t.Errorf("web was not restarted: %+v, %+v", began, web)
	}
	if !slices.Contains(f.engine("").Containers(), "shop-dev-web-run-1") {
		t.Error("the container of another is gone")
	}
}

func TestSavedPlanIsOld(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\n[environments.staging]\n", shop("v1", "true"))
	f.deployed("dev")
	f.compose(shop("v2", "true"))
	p := f.saved("dev")
	f.engine("").Remove("shop-dev-db-1")
	_, err := f.carryOut(p)
	f.expectError(err, fault.Refused, "dev has changed since the plan was made", "davit plan dev -o FILE")
	f.deployed("dev")
	_, err = f.carryOut(p)
	f.expectError(err, fault.Refused,
		"the plan is for release 2 of dev, and the next one is 3: dev has been deployed since")
	p.Environment = "staging"
	_, err = f.carryOut(p)
	f.expectError(err, fault.Refused, "the plan is for dev of shop, not for staging of shop")
	p.Release.Environment, p.Release.Project = "staging", "other"
	_, err = f.carryOut(p)
	f.expectError(err, fault.Refused, "the plan is for staging of other, not for staging of shop")
	f.expectVersion("dev", "v2")
}

// TestSavedPlanOfAnotherSecret: with another secret it would be another release than was reviewed.
func TestSavedPlanOfAnotherSecret(t *testing.T) {
	t.Parallel()
	compose := strings.Replace(shop("v1", "true"), "services:\n", "services:\n  job:\n    image: busybox\n"+
		"    command: [sleep, \"1000\"]\n    environment: {TOKEN: \"${TOKEN}\"}\n", 1)
	f := newFixture(t, "", compose)
	f.secrets = map[string]string{"TOKEN": "open sesame"}
	p := f.saved("dev")
	f.secrets = map[string]string{"TOKEN": "close sesame"}
	_, err := f.carryOut(p)
	f.expectError(err, fault.Refused, "release 1 of dev was made with the value of TOKEN",
		"set the secrets that the plan was made with", "davit plan dev -o FILE")
	f.secrets = map[string]string{"TOKEN": "open sesame"}
	_, err = f.carryOut(p)
	f.must(err)
}

// TestSavedPlanOfATakenPort: a port that somebody takes meanwhile would make it another release.
func TestSavedPlanOfATakenPort(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", ported)
	p := f.saved("dev")
	f.engine("").Occupy("127.0.0.1:8080/tcp")
	_, err := f.carryOut(p)
	f.expectError(err, fault.Refused,
		"dev has changed since the plan was made: web: port 127.0.0.1:8080 is taken by a program on this machine")
	f.expectReleases("dev", "")
}

// TestSavedPlanOfLostImages: an image that only the plan names is fetched again, or the plan is refused.
func TestSavedPlanOfLostImages(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", `services: {web: {build: ., command: [sleep, "1000"]}}`)
	p := f.saved("dev")
	f.engine("").RemoveImage(p.Release.Images["web"].Ref())
	_, err := f.carryOut(p)
	f.expectError(err, fault.FailedPrecondition, `the image of service "web" is no longer on the engine`,
		"no registry has it")
}

// TestUnreadablePlans: each is refused in one sentence.
func TestUnreadablePlans(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	text, err := json.Marshal(f.saved("dev"))
	f.must(err)
	whole := string(text)
	for name, c := range map[string]struct {
		text     string
		category fault.Category
		want     string
	}{
		"empty":           {"", fault.FailedPrecondition, "is no plan of davit: it is empty"},
		"an empty object": {"{}", fault.FailedPrecondition, `it has no "format"`},
		"null":            {"null", fault.FailedPrecondition, `it has no "format"`},
		"a list":          {"[]", fault.FailedPrecondition, "is no plan of davit: "},
		"a text":          {`"plan"`, fault.FailedPrecondition, "is no plan of davit: "},
		"garbage":         {"\x00\xff", fault.FailedPrecondition, "is no plan of davit: "},
		"an older davit's": {`{"format":1,"environment":"dev"}`, fault.FailedPrecondition,
			"an older davit wrote it, in format 1"},
		"no environment": {`{"format":5}`, fault.FailedPrecondition, `it names no "environment"`},
		"no release": {`{"format":5,"environment":"dev"}`, fault.FailedPrecondition,
			`it has no "release"`},
		"an unknown key": {strings.Replace(whole, `{"format"`, `{"formt":1,"format"`, 1),
			fault.FailedPrecondition, `unknown key "formt"`},
		"an unknown kind": {strings.ReplaceAll(whole, `"kind":"create"`, `"kind":"explode"`),
			fault.FailedPrecondition, `"explode" is none of`},
		"an unknown key of a change": {strings.Replace(whole, `{"kind"`, `{"kin":1,"kind"`, 1),
			fault.FailedPrecondition, `unknown key "kin"`},
		"an incomplete change": {strings.Replace(whole, `"name":"default"`, `"name":""`, 1),
			fault.FailedPrecondition, "a change is incomplete"},
		"a wrong type": {strings.Replace(whole, `"environment":"dev"`, `"environment":7`, 1),
			fault.FailedPrecondition, "wrong kind of value"},
		"cut short":       {whole[:len(whole)/2], fault.FailedPrecondition, "it ends too early"},
		"without a model": {withoutModel(t, text), fault.FailedPrecondition, `its release has no "model"`},
		"an old release": {strings.Replace(whole, `"release":{"format":5`, `"release":{"format":1`, 1),
			fault.FailedPrecondition, "its release has format"},
		"two plans": {whole + whole, fault.FailedPrecondition, "is no plan of davit: "},
		"a newer davit's": {strings.Replace(whole, `{"format":5`, `{"format":99,"new":true`, 1),
			fault.Refused, "was written by a newer davit → use that davit"},
		"a newer davit's release": {strings.Replace(whole, `"release":{"format":5`,
			`"release":{"format":99,"new":true`, 1), fault.Refused, "was written by a newer davit"},
	} {
		_, err := deploy.ReadProposal(f.file(c.text))
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
		f.expectError(err, c.category, c.want)
	}
	_, err = deploy.ReadProposal(filepath.Join(f.dir, "nothing.json"))
	f.expectError(err, fault.FailedPrecondition, "the plan cannot be read", "davit plan ENV -o FILE")
}

// withoutModel returns a saved plan whose release has lost its model.
func withoutModel(t *testing.T, plan []byte) string {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal(plan, &all); err != nil {
		t.Fatal(err)
	}
	delete(all["release"].(map[string]any), "model")
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// newer is the record of a release of a format that this davit does not know.
const newer = `{"format":99,"number":2,"project":"shop","environment":"dev","time":"2030-01-01T00:00:00Z","by":"zoe","new":{"key":true},
"images":{},"model":{"project":"shop-dev","services":{}},"result":"healthy"}`

// TestNewerRecords: what can be read is shown, and nothing is changed.
func TestNewerRecords(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\n[environments.staging]\n", "")
	f.deployVersions("v1", "v2")
	f.engine("").WriteRecord(must(f.Find("dev")), 3, release.Healthy,
		strings.Replace(newer, `"number":2`, `"number":3`, 1))
	s, err := f.Status(t.Context(), "dev")
	if f.must(err); s.Release.By != "zoe" || s.Release.Number != 3 {
		t.Errorf("status %+v", s.Release)
	}
	f.expectReleases("dev", "3 healthy, 2 healthy, 1 healthy")
	for name, change := range map[string]func() error{
		"deploy": func() error { _, err := f.deploy("dev"); return err },
		"rollback": func() error {
			_, err := f.Rollback(t.Context(), f.request("dev"), 0,
				f.emit)
			return err
		},
		"heal": func() error { _, err := f.Heal(t.Context(), f.healRequest("dev"), f.emit); return err },
		"watch": func() error {
			return f.Watch(t.Context(), f.healRequest("dev"), 1,
				func(deploy.WatchEvent) {})
		},
		"promotion": func() error { _, err := f.deploy("staging"); return err },
		"destroy":   func() error { return f.Destroy(t.Context(), f.request("dev"), nil, f.emit) },
	} {
		t.Log(name)
		f.expectError(change(), fault.Refused, "release 3 of dev was recorded by a newer davit (format 99",
			"upgrade davit")
	}
	f.expectVersion("dev", "v2")
}

// TestBadRecord: a record that cannot be read is named, the others are shown, and nothing is changed until
// somebody accepts it.
func TestBadRecord(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", "")
	f.deployVersions("v1", "v2")
	f.engine("").WriteRecord(must(f.Find("dev")), 3, release.Healthy, `{"format":3,"number":3,"surprise":1}`)
	s, err := f.Status(t.Context(), "dev")
	if f.must(err); s.Release.Number != 2 || !s.InSync || !f.said(`unknown key "surprise"`) {
		t.Errorf("status %+v, %+v", s, f.events)
	}
	f.expectReleases("dev", "3 healthy, 2 healthy, 1 healthy")
	_, err = f.deploy("dev")
	f.expectError(err, fault.Refused, "release 3 of dev cannot be used", `unknown key "surprise"`,
		"--accept-history")
	_, err = f.Rollback(t.Context(), f.accepting("dev"), 3, f.emit)
	f.expectError(err, fault.Refused, "release 3 of dev cannot be used")
	f.compose(shop("v3", "true"))
	_, err = f.Deploy(t.Context(), f.accepting("dev"), f.emit)
	f.must(err)
	f.deployVersions("v4")
	f.expectReleases("dev", "5 healthy, 4 healthy, 3 healthy, 2 healthy, 1 healthy")
}

// accepting returns the request for a change of an environment whose history is accepted as it is.
func (f *fixture) accepting(environment string) deploy.Request {
	r := f.request(environment)
	r.AcceptHistory = true
	return r
}
