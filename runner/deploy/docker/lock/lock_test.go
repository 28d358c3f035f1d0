package lock

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/self"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker/images"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// site is an environment of a test.
type site struct {
	*Locker
	t *testing.T
}

func newSite(t *testing.T) *site {
	t.Helper()
	l := New(images.New(enginetest.Client(t), nil),
		release.Environment{Project: enginetest.Project(), Name: "dev"}, time.Now)
	t.Cleanup(func() { l.remove(context.Background(), l.name()) })
	return &site{l, t}
}

// as takes the lock, and fails where that is not possible.
func (s *site) as(owner string, force bool) *deploy.Lease {
	s.t.Helper()
	l, err := s.Lock(context.Background(), deploy.LockOptions{Owner: owner, Operation: "deploy",
		Break: force})
	if err != nil {
		s.t.Fatal(err)
	}
	return l
}

// had tells whose lock it is, "" for nobody.
func (s *site) had() string {
	s.t.Helper()
	h, err := s.Holder(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	if h == nil {
		return ""
	}
	return h.Owner
}

// left makes a lock as a davit has left it that is killed.
func (s *site) left(h deploy.Holder) *lock {
	s.t.Helper()
	ctx := context.Background()
	if err := s.image(ctx); err != nil {
		s.t.Fatal(err)
	}
	text, _ := json.Marshal(h)
	r, err := s.store.Engine.ContainerCreate(ctx,
		client.ContainerCreateOptions{Name: s.name(), Config: &container.Config{
			Image: imageName, Cmd: []string{"lock"}, Labels: map[string]string{label.Lock: string(text)},
		}})
	if err != nil {
		s.t.Fatal(err)
	}
	return &lock{locker: s.Locker, id: r.ID}
}

// whyEnded waits until a lease ends, and returns why.
func whyEnded(t *testing.T, l *deploy.Lease) error {
	t.Helper()
	select {
	case <-l.Held.Done():
	case <-time.After(renewInterval - time.Second): // before it would be noticed without the engine's word
		t.Fatal("the lease goes on")
	}
	return context.Cause(l.Held)
}

// TestMain runs more tests at once than there are processors: they wait for the engine most of the time.
func TestMain(m *testing.M) {
	flag.Parse()
	flag.Set("test.parallel", "8")
	os.Exit(m.Run())
}

func TestLock(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ann := s.as("ann", false)
	if ann.Stale != nil {
		t.Errorf("taken from %+v", ann.Stale)
	}
	_, err := s.Lock(context.Background(), deploy.LockOptions{Owner: "bob"})
	var locked *deploy.LockedError
	if !errors.As(err, &locked) || fault.Of(locked) != fault.Refused ||
		!strings.HasPrefix(err.Error(), `environment "dev" is locked by ann on "`) {
		t.Errorf("a second one: %v", err)
	}
	bob := s.as("bob", true)
	if bob.Stale == nil || bob.Stale.Reason != deploy.LockBroken || bob.Stale.Holder.Owner != "ann" {
		t.Errorf("taken from %+v", bob.Stale)
	}
	var lost *deploy.LeaseLostError
	if err := whyEnded(t, ann); !errors.As(err, &lost) || lost.By.Owner != "bob" {
		t.Errorf("the lease of ann ended: %v", err)
	}
	ann.Unlock()
	if who := s.had(); who != "bob" {
		t.Errorf("ann unlocked, and %q has it", who)
	}
	bob.Unlock()
	if err := whyEnded(t, bob); errors.As(err, &lost) {
		t.Errorf("the lease of bob ended: %v", err)
	}
	if who := s.had(); who != "" {
		t.Errorf("bob unlocked, and %q has it", who)
	}
}

// Somebody cleans up the engine with "docker container prune", which removes what does not run.
func TestALockThatNobodyWantsIsTakenAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	l := s.as("ann", false)
	defer l.Unlock()
	if err := s.remove(context.Background(), s.name()); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); s.had() != "ann"; time.Sleep(pollInterval) {
		if time.Now().After(end) {
			t.Fatal("nobody has it")
		}
	}
	if err := l.Held.Err(); err != nil {
		t.Errorf("the lease has ended: %v", err)
	}
	l.Unlock()
	if who := s.had(); who != "" {
		t.Errorf("ann unlocked, and %q has it", who)
	}
}

// Whose process is no more on this machine has no lock, whenever that expires.
func TestALockOfAProcessThatIsGone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c := exec.Command("true")
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	was := deploy.Holder{Owner: "ann", Operation: "deploy", Process: self.Get(), Since: time.Now(),
		Expires: time.Now().Add(time.Hour)}
	was.ID = c.Process.Pid
	s.left(was)
	l := s.as("bob", false)
	defer l.Unlock()
	if l.Stale == nil || l.Stale.Reason != deploy.HolderExited ||
		!strings.Contains(l.Stale.String(), "ann") || !strings.Contains(l.Stale.String(), "was killed") {
		t.Errorf("taken from %v", l.Stale)
	}
}

// The clock of whoever has the lock may be wrong: how long it lasts is counted by that of the engine.
func TestALockExpires(t *testing.T) {
	t.Parallel()
	s, ctx := newSite(t), context.Background()
	elsewhere := time.Now().Add(-10 * time.Hour)
	ann := s.left(deploy.Holder{Owner: "ann", Process: self.Process{Host: "far", ID: 1}, Since: elsewhere,
		Expires: elsewhere.Add(time.Hour)})
	first, _, err := s.holder(ctx)
	if err != nil || time.Until(first.Expires) < 30*time.Minute {
		t.Fatalf("holder %+v, %v", first, err)
	}
	if _, err := s.Lock(ctx, deploy.LockOptions{Owner: "bob"}); err == nil {
		t.Fatal("bob has it as well")
	}
	ann.locker = New(s.store, s.environment, nil)
	ann.locker.now = func() time.Time { return elsewhere.Add(20 * time.Minute) }
	if err := ann.renew(ctx); err != nil {
		t.Fatal(err)
	}
	if later, _, err := s.holder(ctx); err != nil ||
		later.Expires.Sub(first.Expires).Round(time.Minute) != 20*time.Minute {
		t.Errorf("it expired at %v, and 20 minutes later at %v, %v", first.Expires, later.Expires, err)
	}
	ann.locker.now = func() time.Time { return elsewhere.Add(-time.Hour) }
	if err := ann.renew(ctx); err != nil {
		t.Fatal(err)
	}
	l := s.as("bob", false)
	defer l.Unlock()
	if l.Stale == nil || l.Stale.Reason != deploy.LeaseExpired {
		t.Errorf("taken from %v", l.Stale)
	}
}
