package deploy_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
)

// A clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// A watcher is a watch that goes on, and what it reports.
type watcher struct {
	*fixture
	clock  *clock
	events chan deploy.WatchEvent
	ended  chan error
	cancel context.CancelFunc
	mu     sync.Mutex
	down   error // why the engine does not answer
}

func (f *fixture) watch() *watcher {
	f.Helper()
	w := &watcher{fixture: f, clock: &clock{now: f.world.Now()}, events: make(chan deploy.WatchEvent, 100),
		ended: make(chan error, 1)}
	f.Environments.Now = w.clock.Now
	f.wrap = func(m *deploytest.Memory) backend.Backend {
		return broken{Memory: m, observe: func() error {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.down
		}}
	}
	ctx, cancel := context.WithCancel(f.Context())
	request := f.healRequest("dev")
	request.Files = true
	w.cancel = cancel
	f.Cleanup(cancel)
	go func() {
		w.ended <- f.Watch(ctx, request, time.Millisecond,
			func(e deploy.WatchEvent) { w.events <- e })
	}()
	return w
}

// breakEngine has the engine not answer; nil ends that.
func (w *watcher) breakEngine(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = err
}

// expect waits for an event of a type with a text in it or in its hint. Others before it are left out.
func (w *watcher) expect(what deploy.WatchType, text string) {
	w.Helper()
	late := time.After(second)
	var seen []deploy.WatchEvent
	for {
		select {
		case e := <-w.events:
			if seen = append(seen, e); e.Type == what && strings.Contains(e.Text+" "+e.Hint, text) {
				return
			}
		case <-late:
			w.Fatalf("no event %s %q; there were %+v", what, text, seen)
		}
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", several)
	f.deployed("dev")
	w := f.watch()
	w.expect(deploy.WatchStarted, "release 1, every 1ms")
	f.kill("shop-dev-db-1")
	w.expect(deploy.WatchFound, "db-1: exited with exit code 137")
	w.expect(deploy.WatchHealed, "db-1: exited with exit code 137")
	f.kill("shop-dev-db-1")
	w.expect(deploy.WatchHealed, "db-1")
	f.kill("shop-dev-db-1")
	w.expect(deploy.WatchBackoff, "after 2 heals in a row; the next heal is at")
	w.clock.advance(time.Minute)
	w.expect(deploy.WatchHealed, "db-1")
	f.kill("shop-dev-db-1")
	w.expect(deploy.WatchStopped, "after 3 heals in a row; it is left alone")
	w.clock.advance(time.Hour)
	f.kill("shop-dev-web-1")
	w.expect(deploy.WatchHealed, "web-1")
	if f.live("dev").Containers["db"][0].State != "exited" {
		t.Error("a fourth heal in a row")
	}
	w.breakEngine(errors.New("connection refused\nby the engine"))
	w.expect(deploy.WatchUnreachable, "connection refused")
	w.breakEngine(nil)
	w.expect(deploy.WatchReconnected, "the engine answers again")
	w.cancel()
	if err := <-w.ended; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

// expectNext waits for the next event, which has to be of a type and with a text in it.
func (w *watcher) expectNext(what deploy.WatchType, text string) {
	w.Helper()
	select {
	case e := <-w.events:
		if e.Type != what || !strings.Contains(e.Text, text) {
			w.Errorf("%+v, wanted %s %q", e, what, text)
		}
	case <-time.After(second):
		w.Errorf("no event %s %q", what, text)
	}
}

// TestWatchWaitsForLocks: another davit is at work, and the watch goes on when it is done.
func TestWatchWaitsForLocks(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", several)
	f.deployed("dev")
	lease, err := f.backend("dev").Lock(t.Context(), backend.LockOptions{Owner: "bob", Operation: "deploy"})
	f.must(err)
	w := f.watch()
	f.kill("shop-dev-db-1")
	w.expect(deploy.WatchStarted, "")
	w.expectNext(deploy.WatchLocked, "waiting for the deploy of bob on")
	lease.Unlock()
	w.expectNext(deploy.WatchFound, "db-1")
	w.expect(deploy.WatchHealed, "db-1")
	f.engine("").LeaveLock(must(f.Find("dev")), "carol", "deploy")
	f.engine("").Write("shop-dev-db-1", "/etc/motd", "hello")
	w.expect(deploy.WatchWarning, "the lock of carol on")
	w.expect(deploy.WatchHealed, "db-1: files./etc/motd")
}

// TestWatchAdvises: of what comes back again and again, it is said what ends it.
func TestWatchAdvises(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", strings.Replace(several, "/sick]}", "/data/sick]}\n    volumes: [\"data:/data\"]",
		1))
	f.deployed("dev")
	w := f.watch()
	w.expect(deploy.WatchStarted, "")
	for range 2 {
		f.engine("").Write("shop-dev-db-1", "/etc/motd", "hello")
		w.expect(deploy.WatchHealed, "db-1: files./etc/motd")
	}
	f.engine("").Write("shop-dev-db-1", "/etc/motd", "hello")
	w.expect(deploy.WatchBackoff, `ignore = ["db.files./etc/motd"] in [environments.dev]`)
	f.engine("").Write("shop-dev-db-1", "/data/sick", "")
	for range 3 {
		w.clock.advance(time.Minute)
		w.expect(deploy.WatchFailed, "if release 1 itself is bad")
	}
	w.expect(deploy.WatchStopped, "davit rollback dev")
}

// TestWatchFollowsDeploys: a release that somebody deploys meanwhile is what is healed to.
func TestWatchFollowsDeploys(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", several)
	f.deployed("dev")
	w := f.watch()
	w.expect(deploy.WatchStarted, "")
	f.compose(strings.Replace(several, "VERSION: v1", "VERSION: v2", 1))
	for {
		if _, err := f.deploy("dev"); err == nil {
			break
		}
	}
	f.kill(f.live("dev").Containers["web"][0].Name)
	w.expect(deploy.WatchHealed, ": exited with exit code 137")
	f.expectVersion("dev", "v2")
}

func TestWatchIsConfirmed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", several)
	f.deployed("dev")
	f.refuse = errNo
	if err := f.Watch(t.Context(), f.healRequest("dev"), time.Millisecond, nil); !errors.Is(err, errNo) {
		t.Errorf("not confirmed: %v", err)
	}
}

// TestWatchOfADestroyedEnvironment: it stays down, and the watch goes on with the next release.
func TestWatchOfADestroyedEnvironment(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", several)
	f.deployed("dev")
	w := f.watch()
	w.expect(deploy.WatchStarted, "")
	f.must(f.Destroy(t.Context(), f.request("dev"), agree, f.emit))
	w.expect(deploy.WatchDown, "has destroyed it davit deploy dev")
	w.clock.advance(time.Minute)
	f.deployed("dev")
	f.kill("shop-dev-db-1")
	w.expect(deploy.WatchHealed, "db-1")
}
