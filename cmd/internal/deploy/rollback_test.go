package deploy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// deployVersions deploys one version after the other.
func (f *fixture) deployVersions(versions ...string) {
	f.Helper()
	for _, v := range versions {
		f.compose(shop(v, "true"))
		f.deployed("dev")
	}
}

func TestRollback(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", "")
	f.deployVersions("v1", "v2", "v3")
	out, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	f.must(err)
	if r := out.Release; r.Number != 4 || r.From != "dev 2" || r.Result != release.Healthy || !out.Changed {
		t.Errorf("outcome %+v", out)
	}
	f.expectVersion("dev", "v2")
	if out, err = f.Rollback(t.Context(), f.request("dev"), 1, f.emit); err != nil ||
		out.Release.From != "dev 1" {
		t.Errorf("outcome %+v, %v", out, err)
	}
	f.expectVersion("dev", "v1")
	f.expectReleases("dev", "5 healthy, 4 healthy, 3 healthy, 2 healthy, 1 healthy")
}

func TestRollbackIsRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", "")
	f.compose(shop("v1", "true"))
	_, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	f.expectError(err, fault.FailedPrecondition, "dev has no earlier healthy release", "davit releases dev")
	f.deployVersions("v1")
	f.compose(shop("v2", "false"))
	_, _ = f.deploy("dev")
	_, err = f.Rollback(t.Context(), f.request("dev"), 2, f.emit)
	f.expectError(err, fault.Refused, "release 2 of dev was never healthy")
	_, err = f.Rollback(t.Context(), f.request("dev"), 9, f.emit)
	f.expectError(err, fault.FailedPrecondition, "dev has no release 9")
	f.deployVersions("v3")
	f.refuse = errNo
	if _, err = f.Rollback(t.Context(), f.request("dev"), 0, f.emit); !errors.Is(err, errNo) {
		t.Errorf("not confirmed: %v", err)
	}
	f.expectVersion("dev", "v3")
}

// TestRollbackOfAPendingRelease: its davit was killed, so the last healthy release is the one that ran
// before.
func TestRollbackOfAPendingRelease(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", "")
	f.deployVersions("v1", "v2")
	pending := f.deployed("dev")
	pending.Number, pending.Result = 3, release.Pending
	f.must(f.backend("dev").Record(t.Context(), pending))
	out, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	if f.must(err); out.Release.From != "" && out.Release.From != "dev 2" {
		t.Errorf("outcome %+v", out)
	}
	f.expectVersion("dev", "v2")
}

// TestRollbackFails: it returns to what ran before.
func TestRollbackFails(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", "")
	f.compose(strings.Replace(strings.Replace(shop("v1", "true"), `[CMD, "true"]`,
		`[CMD, test, "!", -e, /data/bad]`, 1), "depends_on: [db]",
		"depends_on: [db]\n    volumes: [\"data:/data\"]", 1))
	f.deployed("dev")
	f.compose(shop("v2", "true"))
	f.deployed("dev")
	f.engine("").Write("shop-dev-db-1", "/data/bad", "")
	_, err := f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.expectError(err, fault.Failed, "release 3 of dev failed", "it is back at release 2")
	f.expectVersion("dev", "v2")
}

func TestRollbackFetchesLostImages(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", `services: {web: {image: "redis:7", environment: {VERSION: v1}}}`)
	f.world.Publish("redis:7", deploytest.Image{Content: "redis"})
	first := f.deployed("dev")
	f.compose(shop("v2", "true"))
	f.deployed("dev")
	f.engine("").RemoveImage(first.Images["web"].Ref())
	_, err := f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.must(err)
	f.expectVersion("dev", "v1")
	f.deployed("dev")
	f.engine("").RemoveImage(first.Images["web"].Ref())
	f.world.BreakRegistries(errors.New("connection refused"))
	_, err = f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.expectError(err, fault.FailedPrecondition,
		`release 1 of dev cannot be deployed again, since the image of service "web" is no longer on the engine`,
		"connection refused")
}
