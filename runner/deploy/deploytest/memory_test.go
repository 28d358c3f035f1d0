package deploytest_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// memory is the harness of a World.
type memory struct {
	t     *testing.T
	world *deploytest.World
	dir   string
}

func open(t *testing.T) deploytest.Harness {
	t.Parallel()
	m := memory{t, deploytest.NewWorld(), t.TempDir()}
	m.engine().AddImage("busybox", deploytest.Image{Content: "busybox"})
	return m
}

func TestSuite(t *testing.T) { deploytest.Suite(t, open) }

func (m memory) engine() *deploytest.Engine { return m.world.Engine("") }

func (m memory) Environment(name string) release.Environment {
	return release.Environment{Project: "shop", Name: name, Dir: m.dir}
}

func (m memory) Backend(name string) deploy.Backend { return m.Open(m.Environment(name)) }

func (m memory) Open(e release.Environment) deploy.Backend {
	return m.world.Backend(e,
		deploytest.Options{Secrets: map[string]string{"PASSWORD": "open sesame"}})
}

func (m memory) Write(compose string) {
	m.t.Helper()
	if err := os.WriteFile(filepath.Join(m.dir, "compose.yaml"), []byte(compose), 0o600); err != nil {
		m.t.Fatal(err)
	}
}

func (m memory) Image() string { return "busybox" }

func (m memory) Kill(container string) { m.found(container, m.engine().Kill(container)) }

func (m memory) Remove(container string) { m.found(container, m.engine().Remove(container)) }

func (m memory) found(container string, there bool) {
	m.t.Helper()
	if !there {
		m.t.Fatalf("there is no container %q", container)
	}
}

func (m memory) Run(f deploytest.Foreign) {
	m.t.Helper()
	if err := m.engine().Run(f); err != nil {
		m.t.Fatal(err)
	}
}

func (m memory) Network(name, project string) { m.engine().AddNetwork(name, project) }

func (m memory) Volume(name, project string) { m.engine().AddVolume(name, project) }

const one = `services: {web: {image: busybox, command: [sleep, "1000"]}}`

// TestLocksExpire: the time of the World decides, and who holds a lock renews it.
func TestLocksExpire(t *testing.T) {
	m := open(t).(memory)
	ann, bob := m.Backend("dev"), m.Backend("dev")
	first, err := ann.Lock(t.Context(), deploy.LockOptions{Owner: "ann", Operation: "deploy"})
	if err != nil {
		t.Fatal(err)
	}
	m.world.Advance(time.Hour)
	if _, err := bob.Lock(t.Context(), deploy.LockOptions{Owner: "bob"}); err == nil {
		t.Error("a lock that is renewed was taken")
	}
	m.engine().Abandon(m.Environment("dev"))
	m.world.Advance(time.Hour)
	second, err := bob.Lock(t.Context(), deploy.LockOptions{Owner: "bob"})
	if err != nil || second.Stale == nil || second.Stale.Reason != deploy.LeaseExpired {
		t.Fatalf("lease %+v, %v", second, err)
	}
	if lost, is := errors.AsType[*deploy.LeaseLostError](context.Cause(first.Held)); !is ||
		lost.By.Owner != "bob" {
		t.Errorf("ann's lease ended with %v", context.Cause(first.Held))
	}
	second.Unlock()
	m.engine().LeaveLock(m.Environment("dev"), "carol", "deploy")
	third, err := ann.Lock(t.Context(), deploy.LockOptions{Owner: "ann"})
	if err != nil || third.Stale == nil || third.Stale.Reason != deploy.HolderExited ||
		third.Stale.Holder.Owner != "carol" {
		t.Errorf("lease %+v, %v", third, err)
	}
}

// TestStaleEphemerals: what davits have left that were killed is removed, and nothing else.
func TestStaleEphemerals(t *testing.T) {
	m := open(t).(memory)
	m.Write(one)
	trial := func(name string) *deploytest.Memory {
		e := m.Environment("dev")
		e.Ephemeral = &release.Ephemeral{Name: name, Services: []string{"web"}}
		return m.world.Backend(e, deploytest.Options{})
	}
	for _, name := range []string{"test-1", "test-2"} {
		b := trial(name)
		i, err := b.Pull(t.Context(), "busybox", false, nil)
		if err != nil {
			t.Fatal(err)
		}
		images := map[string]release.Image{"web": i}
		d, err := b.Desired(t.Context(), images)
		if err != nil {
			t.Fatal(err)
		}
		r := release.Release{Number: 1, Project: "shop", Environment: "dev", Images: images, Model: d.Model,
			Compose: d.Compose, Key: d.Key}
		plan := release.Compare(d.Model, release.Model{}, release.Observed{}, nil)
		if err := b.Apply(t.Context(), plan, r, deploy.ApplyOptions{}); err != nil {
			t.Fatal(err)
		}
		m.world.Advance(20 * time.Hour)
	}
	if err := trial("test-3").PruneStale(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := m.engine().Containers(); !slices.Equal(got, []string{"shop-test-2-web-1"}) {
		t.Errorf("containers %q", got)
	}
}

// TestBasic: a backend without its capabilities has none of them.
func TestBasic(t *testing.T) {
	b := deploytest.Basic(open(t).Backend("dev"))
	_, heals := b.(deploy.Healer)
	_, reassigns := b.(deploy.PortReassigner)
	_, mirrors := b.(deploy.ReleaseMirror)
	_, ephemeral := b.(deploy.Ephemeral)
	if heals || reassigns || mirrors || ephemeral {
		t.Error("it has a capability")
	}
}

// TestEnginesAreApart: what one engine has, the other one has not.
func TestEnginesAreApart(t *testing.T) {
	m := open(t).(memory)
	m.Write(one)
	far := m.Environment("dev")
	far.Engine = "tcp://far:2375"
	b := m.world.Backend(far, deploytest.Options{})
	if i, err := b.Image(t.Context(), "busybox"); err != nil || i != nil {
		t.Errorf("the other engine has %v, %v", i, err)
	}
	lease, err := b.Lock(t.Context(), deploy.LockOptions{Owner: "ann"})
	if err != nil {
		t.Fatal(err)
	}
	defer lease.Unlock()
	if h, err := m.Backend("dev").Holder(t.Context()); err != nil || h != nil {
		t.Errorf("holder %v, %v", h, err)
	}
}
