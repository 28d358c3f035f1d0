package deploy_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

func TestFailedDeployReturns(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.compose(strings.Replace(shop("v2", "false"), "depends_on: [db]",
		"depends_on: [db]\n    deploy: {update_config: {order: stop-first}}", 1))
	_, err := f.deploy("dev")
	f.expectError(err, fault.Failed, "release 2 of dev failed: ", `container "web-1" is unhealthy`,
		"it is back at release 1", "davit releases dev")
	if !f.said("returning to release 1") || !f.said("what failed said:\nthis is v2") {
		t.Errorf("events %+v", f.events)
	}
	f.expectVersion("dev", "v1")
	f.expectReleases("dev", "2 failed, 1 healthy")
	s, err := f.Status(t.Context(), "dev")
	if f.must(err); !s.InSync || !s.Healthy || s.Release.Number != 1 {
		t.Errorf("status %+v", s)
	}
}

// TestPausedDeployStays: a file may ask that what failed stays as it is.
func TestPausedDeployStays(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.compose(strings.Replace(shop("v2", "false"), "depends_on: [db]",
		"depends_on: [db]\n    deploy: {update_config: {order: stop-first, failure_action: pause}}", 1))
	_, err := f.deploy("dev")
	f.expectError(err, fault.Failed, "release 2 of dev failed: ",
		"it stays as it is: update_config.failure_action of web is pause")
	f.expectVersion("dev", "v2")
	f.expectReleases("dev", "2 failed, 1 healthy")
}

// TestPausedStartFirstStays: the old container serves, the new one stays to be looked at, and the next deploy goes on.
func TestPausedStartFirstStays(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	pausing := func(version, check string) {
		f.compose(strings.Replace(shop(version, check), "depends_on: [db]",
			"depends_on: [db]\n    deploy: {update_config: {order: start-first, failure_action: pause}}", 1))
	}
	pausing("v2", "false")
	_, err := f.deploy("dev")
	f.expectError(err, fault.Failed, "release 2 of dev failed: ", "it stays as it is")
	if all := f.live("dev").Containers["web"]; len(all) != 2 {
		t.Errorf("containers %+v", all)
	}
	_, err = f.deploy("dev") // the same goes on where it stopped, and fails again
	f.expectError(err, fault.Failed, "release 3 of dev failed: ", "it stays as it is")
	pausing("v3", "true")
	f.deployed("dev")
	f.expectGood("v3")
}

func TestNothingToReturnTo(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "false"))
	_, err := f.deploy("dev")
	f.expectError(err, fault.Failed, "release 1 of dev failed", "there is no earlier release to return to")
	f.expectReleases("dev", "1 failed")
	s, err := f.Status(t.Context(), "dev")
	if f.must(err); s.Release != nil || s.Healthy || !strings.HasPrefix(s.Reason, "web 0 of 1") {
		t.Errorf("status %+v", s)
	}
}

// TestReturnFails: it is tried twice, and the error says where that leaves the environment.
func TestReturnFails(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.compose(strings.Replace(shop("v2", "false"), "depends_on: [db]",
		"depends_on: [db]\n    ports: [\"8080:80\"]", 1))
	f.wrap = func(m *deploytest.Memory) backend.Backend { return sabotage{m, 1, f} }
	_, err := f.deploy("dev")
	f.expectError(err, fault.Failed, "and the return to release 1 failed: ", "no such image")
	if !f.said("returning to release 1, second try") {
		t.Errorf("events %+v", f.events)
	}
	f.expectReleases("dev", "2 failed, 1 healthy")
}

// sabotage removes the image of a release when that is applied.
type sabotage struct {
	*deploytest.Memory
	number int
	f      *fixture
}

func (s sabotage) Apply(
	ctx context.Context, p release.Plan, r release.Release, o backend.ApplyOptions,
) error {
	if r.Number == s.number {
		s.f.engine("").RemoveImage(r.Images["web"].Ref())
	}
	return s.Memory.Apply(ctx, p, r, o)
}

// TestReturnWaitsForTheEngine: an engine that restarts during a deploy, and again during the return, costs no try.
func TestReturnWaitsForTheEngine(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.compose(shop("v2", "true"))
	f.wrap = func(m *deploytest.Memory) backend.Backend { return &restarting{Memory: m, left: 2} }
	_, err := f.deploy("dev")
	f.expectError(err, fault.Failed, "release 2 of dev failed: EOF; it is back at release 1")
	f.expectVersion("dev", "v1")
	if f.said("second try") || !f.said("the engine of dev does not answer; waiting for it for up to 1m0s: connection refused") {
		t.Errorf("events %+v", f.events)
	}
}

// restarting is an engine that restarts during the first calls of Apply, and does not answer for two looks.
type restarting struct {
	*deploytest.Memory
	left, away int
}

func (r *restarting) Apply(
	ctx context.Context, p release.Plan, of release.Release, o backend.ApplyOptions,
) error {
	if r.left == 0 {
		return r.Memory.Apply(ctx, p, of, o)
	}
	r.left, r.away = r.left-1, 2
	return errors.New("EOF")
}

func (r *restarting) Observe(ctx context.Context, o backend.ObserveOptions) (release.Observed, error) {
	if r.away > 0 {
		r.away--
		return release.Observed{}, errors.New("connection refused")
	}
	return r.Memory.Observe(ctx, o)
}

func TestInterruptedDeployReturns(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.compose(shop("v2", "true"))
	ctx, cancel := context.WithCancel(t.Context())
	_, err := f.Deploy(ctx, f.request("dev"), func(e ui.Event) {
		if e.Type == ui.EventOutput && e.Step == "web" {
			cancel()
		}
	})
	f.expectError(err, fault.Interrupted, "release 2 of dev failed: interrupted; it is back at release 1")
	f.expectVersion("dev", "v1")
	f.expectReleases("dev", "2 failed, 1 healthy")
	if h, err := f.backend("dev").Holder(t.Context()); err != nil || h != nil {
		t.Errorf("the lock is left: %+v, %v", h, err)
	}
}

// TestInterruptedTwice: a second Ctrl-C ends the return too.
func TestInterruptedTwice(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.deployed("dev")
	f.compose(shop("v2", "hang"))
	ctx, cancel := context.WithCancel(t.Context())
	kill := make(chan struct{})
	r := f.request("dev")
	r.Kill = kill
	f.wrap = func(m *deploytest.Memory) backend.Backend {
		return stuck{m, func() { close(kill) }}
	}
	_, err := f.Deploy(ctx, r, func(e ui.Event) {
		if e.Type == ui.EventOutput && e.Step == "web" {
			cancel()
		}
	})
	f.expectError(err, fault.Interrupted,
		"release 2 of dev failed: interrupted; and the return to release 1 failed: ")
	f.expectReleases("dev", "2 failed, 1 healthy")
}

// stuck waits in the return until it is over.
type stuck struct {
	*deploytest.Memory
	began func()
}

func (s stuck) Apply(ctx context.Context, p release.Plan, r release.Release, o backend.ApplyOptions) error {
	if !o.KeepGoing {
		return s.Memory.Apply(ctx, p, r, o)
	}
	s.began()
	<-ctx.Done()
	return ctx.Err()
}

func TestEndThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "false"))
	f.wrap = func(m *deploytest.Memory) backend.Backend {
		return broken{Memory: m, record: func(r release.Release) error {
			if r.Result == release.Failed {
				return errors.New("disk full")
			}
			return nil
		}}
	}
	_, err := f.deploy("dev")
	f.expectError(err, fault.Failed, "and that could not be recorded: disk full")
	f.expectReleases("dev", "1 pending")
	f.wrap = nil
	_, err = f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	f.expectError(err, fault.FailedPrecondition, "dev has no earlier healthy release")
}

// TestAppliedIsVerified: a container that somebody replaces while the deploy waits makes it fail.
func TestAppliedIsVerified(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\nverify = [\"smoke\"]\n", shop("v1", "true"))
	f.deployed("dev")
	f.compose(shop("v2", "true"))
	f.wrap = func(m *deploytest.Memory) backend.Backend {
		return broken{Memory: m, observe: func() error {
			if f.version("dev") == "v2" {
				f.kill("shop-dev-db-1")
			}
			return nil
		}}
	}
	_, err := f.deploy("dev")
	f.expectError(err, fault.Failed, "what runs is not what was applied",
		"db 0 of 1: exited with exit code 137")
	f.expectVersion("dev", "v1")
}

// TestOddFieldIsAWarning: an engine that reads a field in another way makes no release bad.
func TestOddFieldIsAWarning(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	f.wrap = func(m *deploytest.Memory) backend.Backend {
		return broken{Memory: m, observe: func() error {
			f.engine("").Set("shop-dev-web-1", "cap_add.CHOWN", "")
			return nil
		}}
	}
	f.deployed("dev")
	if !f.said("a field differs from the release right after the deploy") ||
		!f.said("replace service web, cap_add.CHOWN") {
		t.Errorf("events %+v", f.events)
	}
}

// TestNoWayBack: that the current release could not be made again is said before anything changes.
func TestNoWayBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", strings.Replace(shop("v1", "true"), "VERSION: v1",
		"VERSION: v1, TOKEN: \"${TOKEN}\"", 1))
	f.secrets = map[string]string{"TOKEN": "open sesame"}
	f.deployed("dev")
	f.secrets = nil
	for f.engine("").Remove("shop-dev-web-1") || f.engine("").Remove("shop-dev-web-2") {
	}
	f.compose(shop("v2", "true"))
	f.deployed("dev")
	if !f.said(`if this deploy fails, release 1 cannot be brought back: `) {
		t.Errorf("events %+v", f.events)
	}
	_, err := f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.expectError(err, fault.Refused, "release 1 of dev was made with the value of TOKEN")
}

// TestSecretOfAContainer: whoever has not got a value that has not changed takes that of a container, for a
// rollback, a saved plan and the way back from a deploy that fails, and nobody gets another one.
func TestSecretOfAContainer(t *testing.T) {
	t.Parallel()
	with := func(version, test string) string {
		return strings.Replace(shop(version, test), "VERSION: "+version,
			"VERSION: "+version+", TOKEN: \"${TOKEN}\"", 1)
	}
	f := newFixture(t, "", with("v1", "true"))
	f.secrets = map[string]string{"TOKEN": "open sesame"}
	f.deployed("dev")
	f.compose(with("v2", "true"))
	p := f.saved("dev")
	f.secrets = nil
	_, err := f.carryOut(p)
	f.must(err)
	_, err = f.Rollback(t.Context(), f.request("dev"), 1, f.emit)
	f.must(err)
	f.expectVersion("dev", "v1")
	f.compose(shop("v3", "false"))
	_, err = f.deploy("dev")
	f.expectError(err, fault.Failed, "it is back at release 3")
	f.expectVersion("dev", "v1")
	f.secrets = map[string]string{"TOKEN": "close sesame"}
	f.compose(with("v4", "true"))
	f.deployed("dev")
	f.secrets = nil
	_, err = f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	f.expectError(err, fault.Refused, "release 3 of dev was made with the value of TOKEN, and neither")
	f.expectVersion("dev", "v4")
}

// TestInterruptedAtTheEnd: what is healthy is recorded, whenever Ctrl-C comes.
func TestInterruptedAtTheEnd(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", shop("v1", "true"))
	ctx, cancel := context.WithCancel(t.Context())
	f.wrap = func(m *deploytest.Memory) backend.Backend {
		return broken{Memory: m, record: func(r release.Release) error {
			if r.Result == release.Healthy {
				cancel()
			}
			return nil
		}}
	}
	out, err := f.Deploy(ctx, f.request("dev"), f.emit)
	if f.must(err); !out.Changed || out.Release.Result != release.Healthy {
		t.Errorf("outcome %+v", out)
	}
	f.expectReleases("dev", "1 healthy")
}
