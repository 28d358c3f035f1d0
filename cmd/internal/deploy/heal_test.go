package deploy_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// healRequest returns the request for a heal of an environment. It is confirmed.
func (f *fixture) healRequest(environment string, services ...string) deploy.HealRequest {
	return deploy.HealRequest{Environment: environment, Services: services, Keep: 3,
		Confirm: func(_ context.Context, _ deploy.HealPlan, ask bool) error {
			if ask {
				return f.refuse
			}
			return nil
		}}
}

func (f *fixture) heal(services ...string) (deploy.Healed, error) {
	return f.Heal(f.Context(), f.healRequest("dev", services...), f.emit)
}

// healed heals dev, and returns what was found: "web-1: unhealthy".
func (f *fixture) healed(services ...string) (all []string) {
	f.Helper()
	out, err := f.heal(services...)
	f.must(err)
	for _, found := range out.Findings {
		all = append(all, found.String())
	}
	return all
}

const several = `
services:
  web:
    image: busybox
    command: [sleep, "1000"]
    environment: {VERSION: v1}
    healthcheck: {test: [CMD, test, "!", -e, /sick]}
    deploy: {replicas: 2}
  db:
    image: busybox
    command: [sleep, "1000"]
    volumes: ["data:/data"]
    configs: [{source: db, target: /etc/db.conf}]
  job: {image: busybox, command: ["true"]}
  last: {image: busybox, command: [sleep, "1000"], depends_on: {job: {condition: service_completed_successfully}}}
volumes: {data: {}}
configs: {db: {content: ours}}
`

// TestHealFiles: files that a program has written are left alone, and named, until they are asked for.
func TestHealFiles(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", several)
	f.deployed("dev")
	f.engine("").Write("shop-dev-db-1", "/var/app.log", "one line")
	out, err := f.heal()
	if f.must(err); len(out.Findings) > 0 || !slices.Equal(out.ChangedFiles, []string{"db-1"}) {
		t.Errorf("healed %+v", out)
	}
	r := f.healRequest("dev")
	r.Files = true
	if out, err = f.Heal(t.Context(), r, f.emit); err != nil || len(out.Findings) != 1 || len(out.ChangedFiles) > 0 {
		t.Errorf("healed %+v, %v", out, err)
	}
}

func TestHeal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		harm func(*deploytest.Engine)
		want []string
	}{
		"nothing": {func(*deploytest.Engine) {}, nil},
		"unhealthy": {func(e *deploytest.Engine) { e.Write("shop-dev-web-2", "/sick", "") },
			[]string{"web-2: unhealthy"}},
		"killed": {func(e *deploytest.Engine) { e.Kill("shop-dev-db-1") },
			[]string{"db-1: exited with exit code 137"}},
		"paused": {func(e *deploytest.Engine) { e.Pause("shop-dev-db-1") }, []string{"db-1: paused"}},
		"drifted": {func(e *deploytest.Engine) { e.Set("shop-dev-web-1", "environment.VERSION", "v0") },
			[]string{"web-1: environment.VERSION"}},
		"a config": {func(e *deploytest.Engine) { e.Write("shop-dev-db-1", "/etc/db.conf", "mine") },
			[]string{"db-1: configs./etc/db.conf"}},
		"too few": {func(e *deploytest.Engine) { e.Remove("shop-dev-web-1") }, []string{"web: replicas"}},
		"gone":    {func(e *deploytest.Engine) { e.Remove("shop-dev-db-1") }, []string{"db: replicas"}},
		"a network of somebody": {func(e *deploytest.Engine) { e.AddNetwork("shop-dev_extra", "shop-dev") },
			nil},
		"a network that is gone": {func(e *deploytest.Engine) { e.RemoveNetwork("shop-dev_default") },
			[]string{"network default: is missing"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, "", several)
			f.deployed("dev")
			c.harm(f.engine(""))
			if got := f.healed(); !slices.Equal(got, c.want) {
				t.Errorf("healed %q, wanted %q", got, c.want)
			}
			s, err := f.Status(t.Context(), "dev")
			if f.must(err); !s.InSync || !s.Healthy {
				t.Errorf("status %+v", s.State)
			}
			repairs, err := f.backend("dev").ListRepairs(t.Context())
			if f.must(err); (len(repairs) == 1) != (len(c.want) > 0) {
				t.Errorf("repairs %+v", repairs)
			}
			f.expectReleases("dev", "1 healthy")
		})
	}
}

// TestContainersOfOthers: a heal leaves alone what is not davit's, whatever its labels say, and status names it.
func TestContainersOfOthers(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", several)
	f.deployed("dev")
	first := f.live("dev").Containers["db"][0]
	for _, other := range []deploytest.Foreign{
		{Name: "shop-dev-db-2", Project: "shop-dev", Service: "db", Number: 2, Fields: first.Fields},
		{Name: "copied", Like: "shop-dev-db-1"}, {Name: "spy", Networks: []string{"shop-dev_default"}},
		{Name: "run", Project: "shop-dev", Service: "web", Oneoff: true},
		{Name: "shop-dev-x-1", Project: "shop-dev", Service: "x", Composed: true},
	} {
		f.must(f.engine("").Run(other))
		if got := f.healed(); got != nil {
			t.Errorf("%s: healed %q", other.Name, got)
		}
		s, err := f.Status(t.Context(), "dev")
		if f.must(err); s.InSync || !s.Healthy || !slices.ContainsFunc(s.Drift, func(d release.Difference) bool {
			return d.Path == "unmanaged."+other.Name && d.After.Text == "is not davit's"
		}) {
			t.Errorf("%s: status %+v", other.Name, s.State)
		}
		if !slices.Contains(f.engine("").Containers(), other.Name) {
			t.Errorf("%s is gone", other.Name)
		}
	}
}

// TestAdoption: what Compose made is adopted once it is confirmed, in every environment.
func TestAdoption(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", several)
	f.deployed("dev")
	f.engine("").ForgetOwnership(f.backend("dev").Environment) // as "docker image prune --all" does
	_, err := f.heal()
	f.expectError(err, fault.Refused, "davit has no record of having made what runs in dev")
	s, err := f.Status(t.Context(), "dev")
	if f.must(err); len(s.Adoptable) != 7 || !s.InSync {
		t.Errorf("status %+v", s)
	}
	f.asked = 0
	f.refuse = errNo
	if _, err := f.deploy("dev"); !errors.Is(err, errNo) || f.asked != 1 {
		t.Errorf("not confirmed: %v, asked %d times", err, f.asked)
	}
	if s, err = f.Status(t.Context(), "dev"); len(s.Adoptable) != 7 || err != nil {
		t.Errorf("it was adopted all the same: %+v, %v", s, err)
	}
	f.refuse = nil
	f.deployed("dev")
	if s, err = f.Status(t.Context(), "dev"); len(s.Adoptable) != 0 || err != nil || !s.InSync || f.asked != 2 {
		t.Errorf("it was not adopted: %+v, %v, asked %d times", s, err, f.asked)
	}
	f.deployed("dev")
	if f.asked != 2 {
		t.Error("it was asked again")
	}
}

func TestHealOfSomeServices(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", several)
	_, err := f.heal()
	f.expectError(err, fault.FailedPrecondition, "nothing has been deployed to dev that could be healed")
	f.deployed("dev")
	f.kill("shop-dev-web-1")
	f.kill("shop-dev-db-1")
	if got := f.healed("db"); !slices.Equal(got, []string{"db-1: exited with exit code 137"}) {
		t.Errorf("healed %q", got)
	}
	_, err = f.heal("nobody")
	f.expectError(err, fault.FailedPrecondition,
		`release 1 of dev has no service "nobody"; it has db, job, last, web`)
	f.refuse = errNo
	if _, err := f.heal(); !errors.Is(err, errNo) {
		t.Errorf("not confirmed: %v", err)
	}
	s, err := f.Status(t.Context(), "dev")
	if f.must(err); s.Healthy || len(s.Quarantined) != 1 {
		t.Errorf("status %+v", s)
	}
}

func TestHealByABasicBackend(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", several)
	f.wrap = func(m *deploytest.Memory) backend.Backend { return deploytest.Basic(m) }
	f.deployed("dev")
	_, err := f.heal()
	f.expectError(err, fault.FailedPrecondition,
		`the backend of dev, "docker", cannot replace single containers`, "davit deploy dev puts it right")
	f.expectError(f.Watch(t.Context(), f.healRequest("dev"), 1, nil), fault.FailedPrecondition,
		"cannot replace single containers")
}

// TestHealFails: what does not help is recorded, with the hint that the release itself may be bad.
func TestHealFails(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", strings.Replace(several, "/sick]",
		"/data/sick]}\n    volumes: [\"data:/data\"]\n    x-a: {b: [c]", 1))
	f.deployed("dev")
	f.engine("").Write("shop-dev-db-1", "/data/sick", "")
	_, err := f.heal()
	f.expectError(err, fault.Failed, "dev was not healed: ", `is unhealthy`,
		"if release 1 itself is bad, davit rollback dev")
	all, err := f.Releases(t.Context(), "dev")
	if f.must(err); len(all[0].Repairs) != 1 || all[0].Repairs[0].Result != release.Failed ||
		!strings.Contains(all[0].Repairs[0].Reason, "is unhealthy") {
		t.Errorf("releases %+v", all)
	}
	f.wrap = func(m *deploytest.Memory) backend.Backend {
		return broken{Memory: m,
			repair: errors.New("disk full")}
	}
	_, err = f.heal()
	f.expectError(err, fault.Failed, "and that could not be recorded: disk full")
}

// forgetful says that it heals, and does nothing.
type forgetful struct{ *deploytest.Memory }

func (forgetful) Heal(context.Context, release.Diagnosis, release.Release, backend.HealOptions) error {
	return nil
}

func TestHealThatChangesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", several)
	f.deployed("dev")
	f.kill("shop-dev-db-1")
	f.wrap = func(m *deploytest.Memory) backend.Backend { return forgetful{m} }
	_, err := f.heal()
	f.expectError(err, fault.Failed,
		"dev was not healed: it still differs from release 1: db-1: exited with exit code 137")
}

func TestInterruptedHeal(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", several)
	f.deployed("dev")
	f.kill("shop-dev-db-1")
	ctx, cancel := context.WithCancel(t.Context())
	_, err := f.Heal(ctx, f.healRequest("dev"), func(e ui.Event) {
		if e.Type == ui.EventOutput {
			cancel()
		}
	})
	f.expectError(err, fault.Interrupted, "dev was not healed: interrupted")
}

// TestIgnoredDrift: what the environment says that may differ is neither healed nor deployed.
func TestIgnoredDrift(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\nignore = [\"web.environment.*\", \"db.files./var/*\"]\n", several)
	f.deployed("dev")
	f.engine("").Set("shop-dev-web-1", "environment.VERSION", "v0")
	f.engine("").Set("shop-dev-web-2", "environment.VERSION", "v0")
	f.engine("").Write("shop-dev-db-1", "/var/log", "")
	if got := f.healed(); len(got) > 0 {
		t.Errorf("healed %q", got)
	}
	d, err := f.Diff(t.Context(), "dev", nil, false)
	if f.must(err); !d.InSync || len(d.Ignored["web"]) != 1 || len(d.Ignored["db"]) != 1 {
		t.Errorf("diff %+v", d)
	}
	if out, err := f.deploy("dev"); err != nil || out.Changed {
		t.Errorf("outcome %+v, %v", out, err)
	}
}

// TestHealAfterADestroy: nothing is meant to run, so a heal brings nothing back.
func TestHealAfterADestroy(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", several)
	f.deployed("dev")
	f.must(f.Destroy(t.Context(), f.request("dev"), agree, f.emit))
	_, err := f.heal()
	f.expectError(err, fault.FailedPrecondition, "dev is down: ", "davit deploy dev")
	if c := f.engine("").Containers(); len(c) > 0 {
		t.Errorf("containers %q", c)
	}
	f.deployed("dev")
	if found := f.healed(); len(found) > 0 {
		t.Errorf("found %q", found)
	}
}

// TestHealWhereAnotherHasTheName: a volume that somebody else has made under the name of one that was lost is refused as
// by a deploy, before anything changes.
func TestHealWhereAnotherHasTheName(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", several)
	f.deployed("dev")
	f.engine("").Remove("shop-dev-db-1")
	f.engine("").RemoveVolume("shop-dev_data")
	f.engine("").AddVolume("shop-dev_data", "")
	before := f.engine("").Containers()
	_, err := f.heal()
	f.expectError(err, fault.Refused, `dev cannot be healed: volume "data" needs the name "shop-dev_data", which something outside of any project uses`,
		"change the name in the Compose files")
	if after := f.engine("").Containers(); !slices.Equal(before, after) {
		t.Errorf("containers %q, before %q", after, before)
	}
}
