package deploy_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

func (f *fixture) status(environment string) deploy.Status {
	f.Helper()
	s, err := f.Status(f.Context(), environment)
	f.must(err)
	return s
}

// whileRecorded calls a function once a release is recorded, before it is applied.
type whileRecorded struct {
	*deploytest.Memory
	then func()
}

func (w *whileRecorded) Record(ctx context.Context, r release.Release) error {
	err := w.Memory.Record(ctx, r)
	if r.Result == release.Pending {
		w.then()
	}
	return err
}

// TestLog: whatever changes an environment is in its log, with one identity.
func TestLog(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.Environ = append(f.Environ, "DAVIT_ACTOR=ci")
	f.deployed("dev")
	f.compose(shop("v2", "true"))
	f.deployed("dev")
	_, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	f.must(err)
	_, err = f.Exec(t.Context(), "dev", backend.ExecOptions{Service: "web", Command: []string{"echo", "hunter2"}})
	f.must(err)
	_, err = f.Exec(t.Context(), "dev", backend.ExecOptions{Service: "nobody", Command: []string{"ls"}})
	if err == nil {
		t.Error("a command runs in no service")
	}
	f.must(f.Destroy(t.Context(), f.request("dev"), agree, f.emit))
	all, err := f.Log(t.Context(), "dev")
	f.must(err)
	var lines []string
	for _, e := range all {
		lines = append(lines, fmt.Sprintf("%s %s %d %s %s", e.By, e.Action, e.Release, e.Result, e.Detail))
	}
	want := []string{"ci destroy 3 ok ", "ci exec 0 ok web: echo", "ci rollback 3 healthy ",
		"ci deploy 2 healthy ", "ci deploy 1 healthy "}
	if got := strings.Join(lines, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("log\n%s", got)
	}
}

// TestLogOfAKilledDeploy: what has not ended and never will is no deploy that is still to end.
func TestLogOfAKilledDeploy(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	request := f.request("dev")
	request.BreakLock = true
	again := func() { f.Deploy(t.Context(), request, f.emit) }
	deploys := func() []deploy.LogEntry {
		all, err := f.Log(t.Context(), "dev")
		f.must(err)
		return slices.DeleteFunc(all, func(e deploy.LogEntry) bool { return e.Action != "deploy" })
	}
	for n := 1; len(deploys()) == 0; n++ { // until there is a record of it
		f.killed(n, again)
	}
	if all := deploys(); all[0].Result != "pending" || all[0].Detail != "interrupted" {
		t.Fatalf("after a kill: %+v", all)
	}
	f.compose(shop("v2", "true"))
	again()
	if all := deploys(); len(all) != 2 || all[0].Result != "healthy" || all[1].Detail != "interrupted" {
		t.Errorf("after another deploy: %+v", all)
	}
}

func TestStatusAfterADestroyIsDown(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.must(f.Destroy(t.Context(), f.request("dev"), agree, f.emit))
	if s := f.status("dev"); s.Down == nil || !s.InSync || s.Healthy || len(s.Services) > 0 {
		t.Errorf("after a destroy: %+v", s)
	}
	f.deployed("dev")
	if s := f.status("dev"); s.Down != nil || !s.Healthy {
		t.Errorf("after another deploy: %+v", s)
	}
}

// TestStatusDuringADeploy: it says who deploys, and how many services are ready.
func TestStatusDuringADeploy(t *testing.T) {
	t.Parallel()
	writes := strings.NewReplacer(`[sleep, "1000"]`, `[sh, -c, "touch /etc/pid; exec sleep 1000"]`)
	f := newFixture(t, "", writes.Replace(shop("v1", "true")))
	f.deployed("dev")
	var during deploy.Status
	f.wrap = func(m *deploytest.Memory) backend.Backend {
		return &whileRecorded{m, func() { f.wrap = nil; during = f.status("dev") }}
	}
	f.compose(writes.Replace(shop("v2", "true")))
	f.deployed("dev")
	c := during.Change
	if c == nil || !strings.HasPrefix(c.By, "ann@") || c.Operation != "deploy" || c.Release != 2 || c.Services != 2 ||
		c.Ready != 1 { // db does not change
		t.Errorf("during a deploy: %+v", c)
	}
	if s := f.status("dev"); s.Change != nil {
		t.Errorf("after it: %+v", s.Change)
	}
}

// TestStatusWhileADeployIsVerified: all services are ready, and it names the targets that run.
func TestStatusWhileADeployIsVerified(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\nverify = [\"smoke\"]\n", shop("v1", "true"))
	var during deploy.Status
	f.verifier.meanwhile = func() { during = f.status("dev") }
	f.deployed("dev")
	if c := during.Change; c == nil || c.Ready != 2 || !slices.Equal(c.Verify, []string{"smoke"}) {
		t.Errorf("during the verify targets: %+v", c)
	}
}

// TestDeployWaitsForTheLock: with a wait, a deploy goes on once the other has ended, and without it is refused.
func TestDeployWaitsForTheLock(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	lease, err := f.backend("dev").Lock(t.Context(), backend.LockOptions{Owner: "bob", Operation: "deploy"})
	f.must(err)
	if _, err := f.deploy("dev"); err == nil || !strings.Contains(err.Error(), "is locked by bob") {
		t.Errorf("locked: %v", err)
	}
	r := f.request("dev")
	r.Wait = time.Minute
	_, err = f.Deploy(t.Context(), r, func(e ui.Event) {
		if strings.Contains(e.Text, "waiting for the lock of dev: bob on ") {
			lease.Unlock()
		}
		f.emit(e)
	})
	f.must(err)
}

// TestDeployFromAnotherFolder: what another folder has deployed, without a commit that both have, may be another project
// of that name. That is told and confirmed once, whatever the environment says.
func TestDeployFromAnotherFolder(t *testing.T) {
	t.Parallel()
	const unasked = "[environments.dev]\nconfirm = false\n"
	f := newFixture(t, unasked, shop("v1", "true"))
	f.deployed("dev")
	other := f.beside(unasked, shop("v2", "true"))
	var asked []bool
	r := other.request("dev")
	r.Confirm = func(_ context.Context, p *deploy.Proposal, ask bool) error {
		if asked = append(asked, ask); ask && !strings.Contains(p.Foreign, f.dir+", and this repository does not have its commit") {
			t.Errorf("told %q", p.Foreign)
		}
		return nil
	}
	for _, version := range []string{"v2", "v3"} {
		other.compose(shop(version, "true"))
		_, err := other.Deploy(t.Context(), r, other.emit)
		f.must(err)
	}
	if !slices.Equal(asked, []bool{true, false}) {
		t.Errorf("asked %v", asked)
	}
}

// TestDeployOfACommitThatLacksWhatRuns: a checkout that is behind is told so before anything changes.
func TestDeployOfACommitThatLacksWhatRuns(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.builder.content, f.builder.lacks = "01", true
	f.compose(shop("v2", "true"))
	f.deployed("dev")
	if !f.said("release 1 of dev, by ann@") {
		t.Error("nobody is told")
	}
}

// TestAVolumeThatIsGoneIsSaid: the plan says that the data is lost.
func TestAVolumeThatIsGoneIsSaid(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	r := f.request("dev")
	r.Volumes = true
	f.must(f.Destroy(t.Context(), r, agree, f.emit))
	p, err := f.Propose(t.Context(), f.request("dev"), f.emit)
	f.must(err)
	for _, c := range p.Plan.Changes {
		if c.Subject == release.SubjectVolume && strings.Contains(c.Detail, "with its data") {
			return
		}
	}
	t.Errorf("plan %+v", p.Plan)
}

// TestStatusAfterAFirstReleaseThatFailed: it is named, since what it has started may run.
func TestStatusAfterAFirstReleaseThatFailed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "false"))
	if _, err := f.deploy("dev"); err == nil {
		t.Fatal("it is healthy")
	}
	if s := f.status("dev"); s.Failed == nil || s.Failed.Number != 1 || s.Release != nil || s.Healthy {
		t.Errorf("%+v", s)
	}
	f.compose(shop("v1", "true"))
	f.deployed("dev")
	if s := f.status("dev"); s.Failed != nil {
		t.Errorf("%+v", s.Failed)
	}
}

// TestAnotherProjectOfTheSameName: what runs is not replaced by services of a repository that knows nothing of it.
func TestAnotherProjectOfTheSameName(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.builder.content, f.builder.lacks = "01", true
	f.compose("services: {other: {image: busybox, command: [sleep, \"1000\"]}}")
	_, err := f.deploy("dev")
	f.expectError(err, fault.Refused, `another project with the name "shop"`, "davit destroy dev")
	f.expectVersion("dev", "v1")
	f.builder.lacks = false
	f.deployed("dev")
}
