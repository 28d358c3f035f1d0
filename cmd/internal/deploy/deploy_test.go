package deploy_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

func TestDeploy(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	first, err := f.deploy("dev")
	f.must(err)
	if r := first.Release; !first.Changed || r.Number != 1 || r.Result != release.Healthy ||
		!strings.HasPrefix(r.By, "ann@") || r.Revision != "c0ffee" || r.Version != "1.2.3" || r.From != "" {
		t.Errorf("outcome %+v", first)
	}
	f.expectVersion("dev", "v1")
	again, err := f.deploy("dev")
	f.must(err)
	if again.Changed || again.Release.Number != 1 || len(f.proposals) != 1 {
		t.Errorf("with nothing to change: %+v, asked %d times", again, len(f.proposals))
	}
	f.compose(shop("v2", "true"))
	if r := f.deployed("dev"); r.Number != 2 {
		t.Errorf("release %d", r.Number)
	}
	f.expectVersion("dev", "v2")
	f.expectReleases("dev", "2 healthy, 1 healthy")
}

func TestDeployIsConfirmed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\n", shop("v1", "true"))
	f.refuse = errNo
	if _, err := f.deploy("dev"); !errors.Is(err, errNo) {
		t.Errorf("not confirmed: %v", err)
	}
	if n := len(f.live("dev").Containers); n != 0 {
		t.Errorf("%d services run", n)
	}
	f.expectReleases("dev", "")
	free := newFixture(t, "[environments.dev]\nconfirm = false\n", shop("v1", "true"))
	free.refuse = errNo
	free.deployed("dev")
}

func TestProposeChangesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	r := f.request("dev")
	r.Volumes = true
	p, err := f.Propose(t.Context(), r, f.emit)
	f.must(err)
	if p.Empty() || p.Release.Number != 1 || !p.Volumes {
		t.Errorf("proposal %+v", p)
	}
	f.expectReleases("dev", "")
	if len(f.engine("").Containers()) > 0 {
		t.Error("something runs")
	}
}

// TestDeployBuilds: a service that is built has the image that the builder made, and what is pulled comes
// from a registry.
func TestDeployBuilds(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "",
		"services: {web: {build: ., command: [sleep, \"1000\"]}, cache: {image: \"redis:7\", pull_policy: always}}")
	f.world.Publish("redis:7", deploytest.Image{Content: "redis"})
	f.builder.content = "one"
	r := f.deployed("dev")
	if i := r.Images["web"]; i.Name != "shop-web" || i.Source != "" || f.builder.built != 1 {
		t.Errorf("image %+v, built %d", i, f.builder.built)
	}
	if i := r.Images["cache"]; i.Source == "" || !f.said("pulling redis:7") {
		t.Errorf("image %+v", i)
	}
	f.world.Publish("redis:7", deploytest.Image{Content: "newer"})
	if next := f.deployed("dev"); next.Images["cache"].Digest == r.Images["cache"].Digest ||
		next.Images["web"].Digest != r.Images["web"].Digest {
		t.Errorf("images %+v", next.Images)
	}
	f.builder.fails = errors.New("no such file")
	if _, err := f.deploy("dev"); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a build that fails: %v", err)
	}
}

func TestDeployIsLocked(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	lease, err := f.backend("dev").Lock(t.Context(), backend.LockOptions{Owner: "bob", Operation: "heal"})
	f.must(err)
	defer lease.Unlock()
	_, err = f.deploy("dev")
	f.expectError(err, fault.Refused, `is locked by bob on`, "to heal", "--break-lock")
	r := f.request("dev")
	r.BreakLock = true
	_, err = f.Deploy(t.Context(), r, f.emit)
	f.must(err)
	if !f.said("the lock of bob on") {
		t.Errorf("events %+v", f.events)
	}
	if lease.Held.Err() == nil {
		t.Error("bob still holds the lock")
	}
	f.engine("").LeaveLock(must(f.Find("dev")), "carol", "deploy")
	f.deployed("dev")
	if !f.said("was killed after") {
		t.Errorf("events %+v", f.events)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestLockIsLost: whoever takes the lock meanwhile is left alone with what there is.
func TestLockIsLost(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.compose(shop("v2", "hang"))
	var lease *backend.Lease
	_, err := f.Deploy(t.Context(), f.request("dev"), func(e ui.Event) {
		if e.Type == ui.EventOutput && e.Step == "web" && lease == nil {
			lease, _ = f.backend("dev").Lock(context.Background(),
				backend.LockOptions{Owner: "bob", Operation: "rollback", Break: true})
		}
	})
	f.expectError(err, fault.Failed, `the lock of environment "dev" was taken by bob`,
		"this davit has stopped, and left the rest to them", "davit status dev")
	f.expectReleases("dev", "2 failed, 1 healthy")
	if h, err := f.backend("dev").Holder(t.Context()); err != nil || h == nil || h.Owner != "bob" {
		t.Errorf("holder %+v, %v", h, err)
	}
	lease.Unlock()
	f.compose(shop("v3", "true"))
	if r := f.deployed("dev"); r.Number != 3 {
		t.Errorf("release %d", r.Number)
	}
}

// broken is a backend of which some roles fail.
type broken struct {
	*deploytest.Memory
	prune, releases, repair error
	record                  func(release.Release) error
	observe                 func() error
}

func (b broken) PruneReleases(ctx context.Context, keep int) error {
	if b.prune != nil {
		return b.prune
	}
	return b.Memory.PruneReleases(ctx, keep)
}

func (b broken) Releases(ctx context.Context) ([]release.Release, error) {
	if b.releases != nil {
		return nil, b.releases
	}
	return b.Memory.Releases(ctx)
}

func (b broken) RecordRepair(ctx context.Context, r release.Repair, keep int) error {
	if b.repair != nil {
		return b.repair
	}
	return b.Memory.RecordRepair(ctx, r, keep)
}

func (b broken) Record(ctx context.Context, r release.Release) error {
	if b.record != nil {
		if err := b.record(r); err != nil {
			return err
		}
	}
	return b.Memory.Record(ctx, r)
}

func (b broken) Observe(ctx context.Context, o backend.ObserveOptions) (release.Observed, error) {
	if b.observe != nil {
		if err := b.observe(); err != nil {
			return release.Observed{}, err
		}
	}
	return b.Memory.Observe(ctx, o)
}

func TestPruningThatFailsIsAWarning(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.wrap = func(m *deploytest.Memory) backend.Backend {
		return broken{Memory: m,
			prune: errors.New("disk full")}
	}
	out, err := f.deploy("dev")
	f.must(err)
	if !out.Changed || !f.said("old releases of dev were not removed: disk full") ||
		!f.said("the next deploy tries again") {
		t.Errorf("outcome %+v, events %+v", out, f.events)
	}
	f.expectReleases("dev", "1 healthy")
}

func TestOldReleasesArePruned(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\nkeep = 2\n", "")
	for _, version := range []string{"v1", "v2", "v3"} {
		f.compose(shop(version, "true"))
		f.deployed("dev")
	}
	f.expectReleases("dev", "3 healthy, 2 healthy")
}

// TestFailuresLeaveAWayBack: releases that fail do not push out the one that a rollback goes to.
func TestFailuresLeaveAWayBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\nkeep = 2\n", "")
	for _, version := range []string{"v1", "v2"} {
		f.compose(shop(version, "true"))
		f.deployed("dev")
	}
	f.compose(shop("v3", "false"))
	for range 3 {
		if _, err := f.deploy("dev"); err == nil {
			t.Fatal("v3 is healthy")
		}
	}
	f.compose(shop("v4", "true"))
	f.deployed("dev")
	f.expectReleases("dev", "6 healthy, 5 failed, 2 healthy")
	if _, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit); err != nil {
		t.Error(err)
	}
	f.expectVersion("dev", "v2")
}

// TestFilesOfSecrets: an environment knows which file a variable of its Compose files comes from.
func TestFilesOfSecrets(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[secrets.tls-key]\nfile = \"certs/tls.pem\"\n[secrets.db]\nenv = \"DB_PASSWORD\"\n[environments.dev]\n", "")
	e, err := f.Find("dev")
	if f.must(err); len(e.SecretFiles) != 1 || e.SecretFiles["TLS_KEY"] != "certs/tls.pem" {
		t.Errorf("%v", e.SecretFiles)
	}
}

// TestKeepOneLeavesAWayBack: however few releases are to be kept, a rollback has one to go to.
func TestKeepOneLeavesAWayBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\nkeep = 1\n", "")
	f.deployVersions("v1", "v2", "v3")
	f.expectReleases("dev", "3 healthy, 2 healthy")
	_, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	f.must(err)
	f.expectVersion("dev", "v2")
	f.expectReleases("dev", "4 healthy, 3 healthy")
}

// TestVolumesAreDeletedOnRequestOnly: a volume that nothing uses any more stays, and a plan that would only
// delete it is not empty when that is asked for.
func TestVolumesAreDeletedOnRequestOnly(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.compose(`services: {web: {image: busybox, command: [sleep, "1000"]}}`)
	f.deployed("dev")
	if v := f.engine("").Volumes(); len(v) != 1 {
		t.Errorf("volumes %q", v)
	}
	r := f.request("dev")
	r.Volumes = true
	out, err := f.Deploy(t.Context(), r, f.emit)
	if f.must(err); !out.Changed || len(f.engine("").Volumes()) > 0 {
		t.Errorf("outcome %+v, volumes %q", out, f.engine("").Volumes())
	}
}

func TestDeployNeedsServices(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", `services: {web: {image: busybox, profiles: [some]}}`)
	_, err := f.deploy("dev")
	f.expectError(err, fault.FailedPrecondition, "no service")
	f.compose("services: {web: {image: [}}")
	_, err = f.deploy("dev")
	f.expectError(err, fault.FailedPrecondition, "compose.yaml")
	_, err = f.deploy("prod")
	f.expectError(err, fault.FailedPrecondition, `there is no environment "prod"`)
	f.Open = nil
	_, err = f.deploy("dev")
	f.expectError(err, fault.FailedPrecondition, "needs a container engine")
}

// TestSelfModifiedFiles: what containers write on their way to health is no drift.
func TestSelfModifiedFiles(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "",
		`services: {web: {image: busybox, command: [sh, -c, "touch /run/pid; sleep 1000"]}}`)
	r := f.deployed("dev")
	if got := r.Model.Services["web"].SelfModified; len(got) != 1 || got[0] != "A /run/pid" {
		t.Errorf("self modified %q", got)
	}
	s, err := f.Status(t.Context(), "dev")
	if f.must(err); !s.InSync || !s.Healthy {
		t.Errorf("status %+v", s)
	}
}

// TestFilesAfterAFirstReleaseThatFailed: a container of a release that was never healthy is left alone by the
// next one, and what it has written on its way is no drift.
func TestFilesAfterAFirstReleaseThatFailed(t *testing.T) {
	t.Parallel()
	const two = `services:
  db: {image: busybox, command: [sh, -c, "touch /run/pid; sleep 1000"]}
  web: {image: busybox, command: [sh, -c, "%s"], depends_on: [db]}
`
	f := newFixture(t, "", fmt.Sprintf(two, "exit 1"))
	if _, err := f.deploy("dev"); err == nil {
		t.Fatal("web has not failed")
	}
	f.compose(fmt.Sprintf(two, "sleep 1000"))
	f.deployed("dev")
	s, err := f.Status(t.Context(), "dev")
	if f.must(err); !s.InSync || !s.Healthy {
		t.Errorf("status %+v", s)
	}
}

// TestFilesCountInTheList: davit env knows of files that were changed by hand, as davit status does.
func TestFilesCountInTheList(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.engine("").Write("shop-dev-db-1", "/etc/passwd", "me")
	all, err := f.Statuses(t.Context())
	if f.must(err); len(all) != 1 || all[0].InSync || all[0].Services["db"].InSync {
		t.Errorf("statuses %+v", all)
	}
}

// TestFilesOfUntouchedServices: what somebody changes in a container that a deploy leaves alone stays drift.
func TestFilesOfUntouchedServices(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.engine("").Write("shop-dev-db-1", "/etc/passwd", "me")
	f.compose(shop("v2", "true"))
	f.deployed("dev")
	d, err := f.Diff(t.Context(), "dev", nil, false)
	if f.must(err); d.InSync || len(d.Drift["db"]) != 1 || d.Drift["db"][0].Path != "files./etc/passwd" {
		t.Errorf("drift %+v", d.Drift)
	}
}

// TestDeployAfterAKilledDavit: what a davit that was killed has applied is not recorded as healthy. The next
// deploy of the same has nothing to change, and records it all the same: otherwise the release before would
// still count as the current one, and a heal would bring it back.
func TestDeployAfterAKilledDavit(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.compose(shop("v2", "true"))
	p, err := f.Propose(t.Context(), f.request("dev"), f.emit)
	f.must(err)
	p.Release.Result = release.Pending
	f.must(f.backend("dev").Record(t.Context(), p.Release))
	f.must(f.backend("dev").Apply(t.Context(), p.Plan, p.Release, backend.ApplyOptions{}))
	out, err := f.deploy("dev")
	f.must(err)
	if out.Release.Number != 3 || out.Release.Result != release.Healthy {
		t.Errorf("outcome %+v", out)
	}
	f.expectReleases("dev", "3 healthy, 2 pending, 1 healthy")
	if s, err := f.Status(t.Context(), "dev"); err != nil || !s.InSync || s.Release.Number != 3 {
		t.Errorf("status %+v, %v", s, err)
	}
	if out, err = f.deploy("dev"); err != nil || out.Changed {
		t.Errorf("deployed again: %+v, %v", out, err)
	}
}

// TestProposeWithoutABuild: the images of the current release count, and where there is none it is refused.
func TestProposeWithoutABuild(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", "services: {web: {build: ., command: [sleep, \"1000\"]}}")
	r := f.request("dev")
	r.NoBuild = true
	_, err := f.Propose(t.Context(), r, f.emit)
	f.expectError(err, fault.FailedPrecondition, `dev has no image of service "web"`, "davit plan dev builds it")
	f.builder.content = "one"
	f.deployed("dev")
	f.builder.content = "two"
	p, err := f.Propose(t.Context(), r, f.emit)
	f.must(err)
	if !p.Empty() || f.builder.built != 1 {
		t.Errorf("it built %d images, and would change %+v", f.builder.built, p.Plan.Changes)
	}
}

// TestVolumesOfImagesKeepTheirData: a service whose image declares a volume stops first, and a health check changes
// nothing about that.
func TestVolumesOfImagesKeepTheirData(t *testing.T) {
	t.Parallel()
	const anon = `services: {anon: {image: redis:7, command: [sleep, "1000"], environment: {V: %s}, healthcheck: {test: [CMD, "true"]}}}`
	f := newFixture(t, "", fmt.Sprintf(anon, "v1"))
	f.world.Publish("redis:7", deploytest.Image{Content: "redis", Volumes: []string{"/data"}})
	f.deployed("dev")
	run := func(argv ...string) int {
		exit, err := f.backend("dev").Exec(t.Context(), backend.ExecOptions{Service: "anon", Command: argv,
			In: strings.NewReader(""), Out: &strings.Builder{}, Err: &strings.Builder{}})
		f.must(err)
		return exit
	}
	run("touch", "/data/kept")
	f.compose(fmt.Sprintf(anon, "v2"))
	f.deployed("dev")
	changes := f.proposals[len(f.proposals)-1].Plan.Changes
	if len(changes) != 1 || changes[0].Strategy != release.StopFirst ||
		!strings.Contains(changes[0].Detail, `it can write to the volume of its image at "/data"`) {
		t.Errorf("planned %+v", changes)
	}
	if run("test", "-e", "/data/kept") != 0 {
		t.Error("what was in the volume of the image is gone")
	}
}
