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

// migrated is a service behind a migration that refuses the schema of a later one, as most tools do.
func migrated(version int, check string) string {
	return fmt.Sprintf(`
services:
  web:
    image: busybox
    command: [sleep, "1000"]
    environment: {VERSION: v%[1]d}
    healthcheck: {test: [CMD, "%[3]s"], interval: 1s}
    depends_on: {migrate: {condition: service_completed_successfully}}
  migrate:
    image: busybox
    command: [sh, -c, "test ! -e /data/%[2]d && touch /data/%[1]d"]
    volumes: ["data:/data"]
volumes: {data: {}}
`, version, version+1, check)
}

// expectGood checks what runs, and that it is in sync and healthy with nothing to heal.
func (f *fixture) expectGood(version string) {
	f.Helper()
	f.expectVersion("dev", version)
	s, err := f.Status(f.Context(), "dev")
	if f.must(err); !s.InSync || !s.Healthy {
		f.Errorf("status %+v", s)
	}
	if out, err := f.heal(); err != nil || len(out.Findings) > 0 {
		f.Errorf("healed %+v, %v", out, err)
	}
}

// TestRollbackRunsNoJob: the old migration would refuse the newer schema. The plan names it, and neither a deploy of
// the same afterwards nor one of the newer release runs it again.
func TestRollbackRunsNoJob(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", migrated(1, "true"))
	f.deployed("dev")
	f.compose(migrated(2, "true"))
	f.deployed("dev")
	_, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	f.must(err)
	f.expectGood("v1")
	plan := f.proposals[len(f.proposals)-1].Plan
	if len(plan.Skipped) != 1 || plan.Skipped[0].Name != "migrate" {
		t.Errorf("plan %+v", plan)
	}
	f.compose(migrated(1, "true"))
	if out, err := f.deploy("dev"); err != nil || out.Changed {
		t.Errorf("outcome %+v, %v", out, err)
	}
	f.compose(migrated(2, "true"))
	f.deployed("dev")
	f.expectGood("v2")
	plan = f.proposals[len(f.proposals)-1].Plan
	if len(plan.Changes) != 1 || plan.Changes[0].Name != "web" {
		t.Errorf("plan %+v", plan)
	}
}

// TestReturnRunsNoJob: the way back from a release that has migrated succeeds.
func TestReturnRunsNoJob(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", migrated(1, "true"))
	f.deployed("dev")
	f.compose(migrated(2, "false"))
	_, err := f.deploy("dev")
	f.expectError(err, fault.Failed, "release 2 of dev failed: ", "it is back at release 1")
	f.expectGood("v1")
	all, err := f.backend("dev").Releases(t.Context())
	if f.must(err); !slices.Equal(all[0].Skipped, []string{"migrate"}) {
		t.Errorf("release %+v", all[0])
	}
	f.compose(migrated(2, "true"))
	f.deployed("dev")
	f.expectGood("v2")
}

// TestRollbackOfNothing: where nothing is left of an environment, the jobs of its releases run.
func TestRollbackOfNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", migrated(1, "true"))
	f.deployed("dev")
	f.compose(migrated(2, "true"))
	f.deployed("dev")
	r := f.request("dev")
	r.Volumes = true
	f.must(f.Destroy(t.Context(), r, agree, f.emit))
	_, err := f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.must(err)
	if len(f.live("dev").Containers["migrate"]) != 1 {
		t.Error("the migration did not run")
	}
	f.expectGood("v1")
}

// TestDeployWhereTheStateIsGone: a deploy runs the jobs that the way back has skipped if the data is gone that they
// made, or if that is asked for.
func TestDeployWhereTheStateIsGone(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", migrated(1, "true"))
	f.deployed("dev")
	f.compose(migrated(2, "true"))
	f.deployed("dev")
	_, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	f.must(err)
	r := f.request("dev")
	r.Volumes = true
	f.must(f.Destroy(t.Context(), r, agree, f.emit))
	f.compose(migrated(1, "true"))
	f.deployed("dev")
	if len(f.live("dev").Containers["migrate"]) != 1 {
		t.Error("the migration did not run")
	}
	f.expectGood("v1")
}

// TestRunJobs: what the way back has skipped runs if that is asked for.
func TestRunJobs(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", migrated(1, "true"))
	f.deployed("dev")
	f.compose(migrated(2, "false"))
	_, err := f.deploy("dev")
	f.expectError(err, fault.Failed, "it is back at release 1")
	f.compose(migrated(1, "true"))
	r := f.request("dev")
	r.RunJobs = true
	_, err = f.Deploy(t.Context(), r, f.emit)
	f.expectError(err, fault.Failed, `"migrate"`) // it refuses the newer schema
}

// TestRollbackOfAJobAloneIsConfirmed: it records a release, so the plan is shown.
func TestRollbackOfAJobAloneIsConfirmed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", migrated(1, "true"))
	f.deployed("dev")
	f.compose(strings.Replace(migrated(1, "true"), "touch /data/1", "touch /data/1 /data/x", 1))
	f.deployed("dev")
	before := len(f.proposals)
	_, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	if f.must(err); len(f.proposals) != before+1 || len(f.proposals[before].Plan.Skipped) != 1 {
		t.Errorf("%d proposals", len(f.proposals)-before)
	}
}

// TestAJobIsNotRunAgainForItsContainer: a job that has run for the release is done, although its container is gone.
func TestAJobIsNotRunAgainForItsContainer(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", migrated(1, "true"))
	f.deployed("dev")
	if !f.engine("").Remove(f.live("dev").Containers["migrate"][0].Name) {
		t.Fatal("there is no container of the job")
	}
	if out, err := f.deploy("dev"); err != nil || out.Changed {
		t.Errorf("%+v, %v", out, err)
	}
	f.expectGood("v1")
}

// TestRollbackAfterAKilledJob: only the job of the deploy that was killed has run, and the release says that it is
// skipped: what ran last is not its own.
func TestRollbackAfterAKilledJob(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", migrated(1, "true"))
	f.deployed("dev")
	f.compose(migrated(2, "true"))
	f.wrap = func(m *deploytest.Memory) backend.Backend { return &killedAfterJobs{m} }
	_, err := f.deploy("dev")
	f.expectError(err, fault.Failed)
	f.wrap = nil
	_, err = f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	f.must(err)
	f.expectGood("v1")
}

// killedAfterJobs applies the jobs of a release, and nothing more: neither a return nor a result is recorded.
type killedAfterJobs struct{ *deploytest.Memory }

func (k *killedAfterJobs) Apply(ctx context.Context, p release.Plan, r release.Release, o backend.ApplyOptions) error {
	p.Changes = slices.DeleteFunc(slices.Clone(p.Changes), func(c release.Change) bool { return c.Name == "web" })
	if o.KeepGoing {
		return errKilled
	}
	o.Verify = nil // which records that it is healthy
	return errors.Join(k.Memory.Apply(ctx, p, r, o), errKilled)
}

func (k *killedAfterJobs) Record(ctx context.Context, r release.Release) error {
	if r.Result == release.Pending {
		return k.Memory.Record(ctx, r)
	}
	return nil
}

var errKilled = errors.New("killed")
