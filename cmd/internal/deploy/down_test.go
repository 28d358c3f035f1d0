package deploy_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

const withDown = "[environments.dev]\ndown = \"migrate-down\"\n"

// reversible is a service behind a migration that refuses the schema of a later one, and with a way down, which a
// profile keeps out of a plain docker compose up.
func reversible(version int, check, down string) string {
	return strings.Replace(migrated(version, check), "volumes: {data: {}}", fmt.Sprintf(`
  migrate-down:
    image: busybox
    command: [sh, -c, "%s"]
    profiles: [down]
    volumes: ["data:/data"]
volumes: {data: {}}
`, down), 1)
}

// undone returns what has run before the newest release, or on the way back from it.
func (f *fixture) undone() string {
	all, err := f.backend("dev").Releases(f.Context())
	f.must(err)
	return release.DescribeUndone(all[0].Undone)
}

// TestDownRunsBeforeARollback: the service of the release that is left runs, once, and leaves no container. The job of
// that release runs again if the environment returns to it.
func TestDownRunsBeforeARollback(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withDown, reversible(1, "true", "rm /data/1"))
	f.deployed("dev")
	if n := len(f.live("dev").Containers["migrate-down"]); n != 0 {
		t.Errorf("a deploy has made %d containers of the way down", n)
	}
	f.compose(reversible(2, "true", "test -e /data/2 && rm /data/2"))
	f.deployed("dev")
	f.compose(reversible(3, "true", "false")) // the files of today do not count
	for _, want := range []string{"ran migrate-down of release 2", "", "ran migrate-down of release 4"} {
		_, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
		f.must(err)
		if got := f.undone(); got != want {
			t.Fatalf("undone %q, wanted %q", got, want)
		}
	}
	f.expectGood("v1")
	if undone := f.proposals[2].Release.Undone; len(undone) != 1 || undone[0].Name != "migrate-down" {
		t.Errorf("the plan has %+v", undone)
	}
	if n := len(f.live("dev").Containers["migrate-down"]); n != 0 {
		t.Errorf("%d containers are left", n)
	}
}

// TestDownOfSeveralReleases: each release that is left undoes its own jobs, the newest first.
func TestDownOfSeveralReleases(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withDown, "")
	for version := range 3 {
		down := fmt.Sprintf("test ! -e /data/%d && rm /data/%d", version+2, version+1)
		f.compose(reversible(version+1, "true", down))
		f.deployed("dev")
	}
	_, err := f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.must(err)
	if got := f.undone(); got != "ran migrate-down of release 3, migrate-down of release 2" {
		t.Errorf("undone %q", got)
	}
	log, err := f.Log(t.Context(), "dev")
	if f.must(err); !strings.HasPrefix(log[0].Detail, "ran migrate-down of release 3") {
		t.Errorf("the log has %+v", log[0])
	}
}

// TestDownFails: the rollback stops before anything is replaced, and another one tries again.
func TestDownFails(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withDown, reversible(1, "true", "true"))
	f.deployed("dev")
	f.compose(reversible(2, "true", "test -e /data/x"))
	f.deployed("dev")
	before := f.live("dev").Containers["web"][0].ID
	_, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	f.expectError(err, fault.Failed, "release 3 of dev failed: migrate-down of release 2 failed: ",
		"ended with exit code 1; nothing was replaced", "davit rollback dev")
	f.expectGood("v2")
	if f.live("dev").Containers["web"][0].ID != before || f.undone() != "" {
		t.Errorf("something was replaced, or %q", f.undone())
	}
	_, err = f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	f.expectError(err, fault.Failed, "release 4 of dev failed: migrate-down of release 2 failed: ")
}

// TestDownOnTheWayBack: it runs if a job of the release that failed has succeeded, and a return goes on without it.
func TestDownOnTheWayBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ compose, undone, failure string }{
		"job done":    {reversible(2, "false", "rm /data/2"), "ran migrate-down of release 2", "it is back at release 1"},
		"job failed":  {strings.Replace(reversible(2, "true", "rm /data/2"), "touch /data/2", "false", 1), "", "it is back at release 1"},
		"down failed": {reversible(2, "false", "false"), "", "it is back at release 1; migrate-down of release 2 failed: "},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, withDown, reversible(1, "true", "rm /data/1"))
			f.deployed("dev")
			f.compose(c.compose)
			_, err := f.deploy("dev")
			f.expectError(err, fault.Failed, "release 2 of dev failed: ", c.failure)
			if got := f.undone(); got != c.undone {
				t.Errorf("undone %q", got)
			}
			f.expectGood("v1")
		})
	}
}

// TestDownIsATarget: it runs in the project, and knows both releases.
func TestDownIsATarget(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\ndown = \"schema-down\"\n", migrated(1, "true"))
	f.deployed("dev")
	f.compose(migrated(2, "true"))
	f.deployed("dev")
	_, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	f.must(err)
	if !slices.Equal(f.verifier.targets, []string{"schema-down"}) ||
		!slices.Contains(f.verifier.env, "DAVIT_FROM_RELEASE=2") || !slices.Contains(f.verifier.env, "DAVIT_TO_RELEASE=3") {
		t.Errorf("ran %q with %q", f.verifier.targets, f.verifier.env)
	}
	f.verifier.unknown = errors.New("there is no target")
	_, err = f.deploy("dev")
	f.expectError(err, fault.FailedPrecondition, `2:1: down = "schema-down" is neither a service`, "davit targets")
}

// TestDownAfterAKilledDeploy: what the engine has tells whether its job has run.
func TestDownAfterAKilledDeploy(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withDown, reversible(1, "true", "rm /data/1"))
	f.deployed("dev")
	f.compose(reversible(2, "true", "rm /data/2"))
	f.wrap = func(m *deploytest.Memory) backend.Backend { return &killedAfterJobs{m} }
	_, err := f.deploy("dev")
	f.expectError(err, fault.Failed)
	f.wrap = nil
	_, err = f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	f.must(err)
	if got := f.undone(); got != "ran migrate-down of release 2" {
		t.Errorf("undone %q", got)
	}
	f.expectGood("v1")
}

// TestDownIsNoDependency: it would run at each deploy.
func TestDownIsNoDependency(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\ndown = \"migrate\"\n", migrated(1, "true"))
	_, err := f.deploy("dev")
	f.expectError(err, fault.FailedPrecondition, `2:1: down = "migrate", and service "web" depends on it`)
}

func (k *killedAfterJobs) RunJob(context.Context, release.Release, string, map[string]string, backend.ApplyOptions) error {
	return errKilled
}

// TestRollbackAfterADownThatFailed: nothing was undone, so that the job of the destination does not run, and the current
// release has skipped nothing.
func TestRollbackAfterADownThatFailed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\ndown = \"schema-down\"\n", migrated(1, "true"))
	f.deployed("dev")
	f.compose(migrated(2, "true"))
	f.deployed("dev")
	f.verifier.fails = errors.New("no route")
	for range 2 {
		_, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
		f.expectError(err, fault.Failed, "schema-down of release 2 failed: down: no route; nothing was replaced")
		p := f.proposals[len(f.proposals)-1].Plan
		if len(p.Changes) != 1 || p.Changes[0].Name != "web" || len(p.Skipped) != 1 {
			t.Errorf("planned %+v", p)
		}
	}
	p, err := f.Propose(t.Context(), f.request("dev"), f.emit)
	if f.must(err); !p.Plan.Empty() || len(p.Plan.Skipped) > 0 {
		t.Errorf("a deploy of the same has the plan %+v", p.Plan)
	}
}

// TestRollbackWhereTheContainerOfAJobIsGone: a job of an older release does not run because somebody has removed the
// container of the newer one.
func TestRollbackWhereTheContainerOfAJobIsGone(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", migrated(1, "true"))
	f.deployed("dev")
	f.compose(migrated(2, "true"))
	f.deployed("dev")
	f.engine("").Remove("shop-dev-migrate-1")
	_, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	f.must(err)
	if len(f.live("dev").Containers["migrate"]) > 0 {
		t.Error("the migration ran")
	}
	f.expectGood("v1")
}
