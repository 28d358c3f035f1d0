package deploy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
)

const tested = `
services:
  db:
    image: postgres
    command: [sh, -c, "echo ready to accept connections; sleep 1000"]
    healthcheck: {test: [CMD, "%s"], interval: 1s}
    depends_on: {seed: {condition: service_completed_successfully}}
    volumes: ["data:/data"]
  seed: {image: busybox, command: ["true"]}
  web: {image: busybox}
volumes: {data: {}}
`

func (f *fixture) services(fromContainers bool, names ...string) (*deploy.Services, error) {
	return f.OpenServices(f.Context(), names, fromContainers)
}

func testedFixture(t *testing.T, check string) *fixture {
	f := newFixture(t, "", strings.Replace(tested, "%s", check, 1))
	f.engine("").AddImage("postgres", deploytest.Image{Content: "postgres", Ports: []string{"5432/tcp"}})
	return f
}

func TestServices(t *testing.T) {
	t.Parallel()
	f := testedFixture(t, "true")
	s, err := f.services(true, "db")
	f.must(err)
	var progress []string
	f.must(s.Start(t.Context(), f.emit, func(text string) { progress = append(progress, text) }))
	if !slices.Contains(progress, "db is healthy") || !slices.Contains(progress, "seed: running it") {
		t.Errorf("progress %q", progress)
	}
	host, contained := s.Env(runner.OnHost), s.Env(runner.InContainer)
	if host["DB_HOST"] != "127.0.0.1" || host["DAVIT_DB_5432"] != "127.0.0.1:"+host["DB_PORT"] ||
		contained["DB_HOST"] != "172.17.0.1" {
		t.Errorf("on the host %v, in containers %v", host, contained)
	}
	if c := f.engine("").Containers(); len(c) != 2 || !strings.HasPrefix(c[0], "shop-test-") {
		t.Errorf("containers %q", c)
	}
	var lines []string
	f.must(s.Logs(t.Context(), []string{"db"}, 10,
		func(container, line string) { lines = append(lines, container+" "+line) }))
	if !slices.Equal(lines, []string{"db-1 ready to accept connections"}) {
		t.Errorf("lines %q", lines)
	}
	f.must(s.Remove(t.Context()))
	if c, v := f.engine("").Containers(), f.engine("").Volumes(); len(c)+len(v) > 0 {
		t.Errorf("left: %q, %q", c, v)
	}
	f.expectReleases("dev", "")
}

func TestServicesOnTheHostOnly(t *testing.T) {
	t.Parallel()
	f := testedFixture(t, "true")
	s, err := f.services(false, "db")
	f.must(err)
	f.must(s.Start(t.Context(), f.emit, func(string) {}))
	if len(s.Env(runner.OnHost)) != 3 || len(s.Env(runner.InContainer)) != 0 {
		t.Errorf("on the host %v, in containers %v", s.Env(runner.OnHost), s.Env(runner.InContainer))
	}
	other, err := f.services(false, "db")
	f.must(err)
	f.must(other.Start(t.Context(), f.emit, func(string) {}))
	f.must(s.Remove(t.Context()))
	if n := len(f.engine("").Containers()); n != 2 {
		t.Errorf("%d containers of the other run", n)
	}
	f.must(other.Remove(t.Context()))
}

func TestServicesThatDoNotStart(t *testing.T) {
	t.Parallel()
	f := testedFixture(t, "false")
	s, err := f.services(false, "db")
	f.must(err)
	err = s.Start(t.Context(), f.emit, func(string) {})
	f.expectError(err, fault.Failed, "is unhealthy")
	if !f.said("ready to accept connections") {
		t.Errorf("the last lines are not shown: %+v", f.events)
	}
	f.must(s.Remove(t.Context()))
	if c := f.engine("").Containers(); len(c) > 0 {
		t.Errorf("left: %q", c)
	}
	unused, err := f.services(false, "db")
	f.must(err)
	f.must(unused.Remove(t.Context()))
	_, err = f.services(false, "nobody")
	f.expectError(err, fault.FailedPrecondition, `there is no service "nobody", which a test uses`)
	f.compose(`services: {db: {image: nowhere}}`)
	s, err = f.services(false, "db")
	f.must(err)
	f.expectError(s.Start(t.Context(), f.emit, nil), fault.FailedPrecondition,
		`image "nowhere" cannot be pulled`)
	f.wrap = func(m *deploytest.Memory) backend.Backend { return deploytest.Basic(m) }
	_, err = f.services(false, "db")
	f.expectError(err, fault.FailedPrecondition,
		`the backend of dev, "docker", cannot run services for tests`)
}

// TestVerify: the targets know the environment and the addresses of its services; what the run itself begins
// and ends with is left out.
func TestVerify(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\nverify = [\"smoke\"]\n", published)
	f.deployed("dev")
	if !slices.Equal(f.verifier.targets, []string{"smoke"}) {
		t.Errorf("targets %q", f.verifier.targets)
	}
	want := []string{"DAVIT_ENVIRONMENT=dev", "DAVIT_WEB_443=127.0.0.1:8443", "DAVIT_WEB_53=127.0.0.1:53",
		"DAVIT_WEB_80=127.0.0.1:8080"}
	if !slices.Equal(f.verifier.env, want) {
		t.Errorf("variables %q, wanted %q", f.verifier.env, want)
	}
	if slices.ContainsFunc(f.events, func(e ui.Event) bool {
		return e.Type == ui.EventRun ||
			e.Type == ui.EventEnd
	}) || !f.said("smoke") {
		t.Errorf("events %+v", f.events)
	}
	f.verifier.fails = fault.Preconditionf("", "smoke failed")
	f.compose(strings.Replace(published, "v1", "v2", 1))
	_, err := f.deploy("dev")
	f.expectError(err, fault.Failed, "release 2 of dev failed: verify: smoke failed; it is back at release 1")
	f.expectVersion("dev", "v1")
	f.verifier.unknown = fault.Preconditionf("", `there is no target "smoke"`)
	_, err = f.deploy("dev")
	f.expectError(err, fault.FailedPrecondition, `there is no target "smoke"`)
}

// TestPackagedProject: a project without a Compose file has one service, of the image that it packages.
func TestPackagedProject(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\n[environments.staging]\n", "")
	_, err := f.deploy("dev")
	f.expectError(err, fault.FailedPrecondition, "there is no Compose file in")
	f.builder.packages, f.builder.ports, f.builder.content = true, []string{"8080/tcp"}, "one"
	dev := f.deployed("dev")
	if got := f.live("dev").Containers["shop"][0].Ports["8080/tcp"]; got != "127.0.0.1:32768" ||
		dev.Images["shop"].Name != "shop" {
		t.Errorf("published at %s, images %+v", got, dev.Images)
	}
	f.builder.content = "two"
	if staging := f.deployed("staging"); staging.Images["shop"].Digest != dev.Images["shop"].Digest ||
		f.builder.built != 1 {
		t.Errorf("images %+v, built %d", staging.Images, f.builder.built)
	}
	f.builder.content = "three"
	if next := f.deployed("dev"); next.Images["shop"].Digest == dev.Images["shop"].Digest {
		t.Error("dev was not built again")
	}
}

func TestEnvironments(t *testing.T) {
	t.Parallel()
	names := func(f *fixture) (names []string) {
		all, err := f.All()
		f.must(err)
		for _, e := range all {
			names = append(names, e.Name+"<"+e.Require)
		}
		return names
	}
	if got := names(newFixture(t, "", "")); !slices.Equal(got, []string{"dev<"}) {
		t.Errorf("without any: %q", got)
	}
	f := newFixture(t, `
[environments.production]
confirm = false
timeout = 60
keep = 3
[environments.dev]
[environments.staging]
[environments.uat]
require = "staging"
`, "")
	if got := names(f); !slices.Equal(got, []string{"dev<", "staging<dev", "production<staging",
		"uat<staging"}) {
		t.Errorf("in promotion order: %q", got)
	}
	if e := must(f.Find("production")); e.Confirm || e.Timeout.Seconds() != 60 || e.Keep != 3 ||
		e.Project != "shop" || e.Backend != "docker" {
		t.Errorf("production %+v", e)
	}
	if e := must(f.Find("dev")); !e.Confirm || e.Timeout.Minutes() != 5 || e.Keep != 10 {
		t.Errorf("dev %+v", e)
	}
	_, err := f.Find("prodction")
	f.expectError(err, fault.FailedPrecondition,
		`there is no environment "prodction"; there is dev, staging, production, uat`,
		`did you mean "production"?`)
	_, err = f.Find("")
	f.expectError(err, fault.FailedPrecondition, "which environment?", "davit env lists them")
	f = newFixture(t, "[environments.dev]\n[environments.preview]\n", "")
	_, err = f.All()
	f.expectError(err, fault.FailedPrecondition, `project.toml:2`,
		`environment "preview" is not in the promotion order`, `require = "dev"`)
	for _, err := range []error{
		func() error { _, err := f.Statuses(t.Context()); return err }(),
		func() error { _, err := f.Find("dev"); return err }(),
		func() error { _, err := f.OpenServices(t.Context(), nil, false); return err }(),
	} {
		f.expectError(err, fault.FailedPrecondition, `environment "preview" is not in the promotion order`)
	}
}

// TestServicesHideSecrets: what services for tests say, and why they fail, has no value of theirs.
func TestServicesHideSecrets(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"echo it is Zz9-secret; exit 1", "echo it is Zz9-secret; sleep 1000"} {
		f := newFixture(t, "", `
services:
  db: {image: busybox, command: [sh, -c, "`+command+`"], environment: {DB_PASSWORD: Zz9-secret}}
`)
		mask := &runner.Mask{}
		f.Hide, f.Masked = mask.Hide, mask.Text
		s, err := f.services(false, "db")
		f.must(err)
		said := ""
		err = s.Start(t.Context(), func(e ui.Event) { said += e.Text }, func(text string) { said += text })
		failed := strings.Contains(command, "exit 1")
		f.must(s.Logs(t.Context(), nil, 0, func(_, line string) { said += line }))
		if said = fmt.Sprint(said, err); (err != nil) != failed || strings.Contains(said, "Zz9") || !strings.Contains(said, "it is ***") {
			t.Errorf("%s", said)
		}
		f.must(s.Remove(t.Context()))
	}
}
