package deploy_test

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// versioned is a service behind a migration, with a way down for it that fails if it runs twice, and sees what both have
// done.
func versioned(version int, check string) string {
	return strings.Replace(reversible(version, check, fmt.Sprintf("test -e /data/%[1]d && rm /data/%[1]d", version)),
		"    environment:", "    volumes: [\"data:/data\"]\n    environment:", 1)
}

// expectSchema checks that the schema is that of the release that runs. What a killed deploy has done besides may stay.
func (f *fixture) expectSchema() {
	f.Helper()
	web := f.live("dev").Containers["web"][0].Name
	if version := strings.TrimPrefix(f.version("dev"), "v"); !f.engine("").Has(web, "/data/"+version) {
		f.Errorf("version %s runs without its schema", version)
	}
}

// killed begins an operation as a davit that is killed before its n-th change, and returns how many there were.
func (f *fixture) killed(n int, operation func()) (steps int) {
	f.killedWhen(func() bool { steps++; return steps >= n }, operation)
	return steps
}

// killedWhen begins an operation as a davit that is killed before a change of which dead says so.
func (f *fixture) killedWhen(dead func() bool, operation func()) {
	var mu sync.Mutex
	killed := false
	f.step = func() { // of several that happen at once
		mu.Lock()
		defer mu.Unlock()
		if killed = dead() || killed; killed {
			runtime.Goexit()
		}
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		operation()
	}()
	<-ended
	f.step = nil
	if killed {
		f.engine("").LeaveLock(must(f.Find("dev")), "carol", "deploy")
	}
}

// beforeKill returns an environment with two releases that differ in their migrations.
func beforeKill(t *testing.T) *fixture {
	f := newFixture(t, withDown, "")
	t.Helper()
	for version := range 2 {
		f.compose(versioned(version+1, "true"))
		f.deployed("dev")
	}
	f.kill(f.live("dev").Containers["web"][0].Name)
	return f
}

// killable are the operations that are killed: during jobs, replacements, ways down, heals and records.
var killable = map[string]func(*fixture){
	"deploy":   func(f *fixture) { f.compose(versioned(3, "true")); _, _ = f.deploy("dev") },
	"return":   func(f *fixture) { f.compose(versioned(3, "false")); _, _ = f.deploy("dev") },
	"rollback": func(f *fixture) { _, _ = f.Rollback(f.Context(), f.request("dev"), 0, f.emit) },
	"heal":     func(f *fixture) { _, _ = f.heal() },
}

// points is how many points of each operation are tried.
const points = 8

// TestKilledAnywhere: whenever a davit is killed, the next deploy, rollback or heal ends in sync.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	next := []func(*fixture) error{
		func(f *fixture) error { f.compose(versioned(3, "true")); _, err := f.deploy("dev"); return err },
		func(f *fixture) error { _, err := f.Rollback(f.Context(), f.request("dev"), 0, f.emit); return err },
		func(f *fixture) error { _, err := f.heal(); return err },
	}
	for name, operation := range killable {
		f := beforeKill(t)
		steps := f.killed(1<<30, func() { operation(f) })
		tries := min(points, steps)
		for try := range tries {
			n := 1 + try*steps/tries
			for after, complete := range next {
				if name != "rollback" && after != try%len(next) {
					continue
				}
				t.Run(fmt.Sprintf("%s/%d of %d/%d", name, n, steps, after), func(t *testing.T) {
					f := beforeKill(t)
					f.killed(n, func() { operation(f) })
					if err := complete(f); err != nil {
						t.Fatal(err)
					}
					if s := f.status("dev"); !s.InSync || !s.Healthy || s.Interrupted != nil {
						t.Errorf("status %+v", s)
					}
					f.expectSchema()
				})
			}
		}
	}
}

// TestInterruptedChanges: the status names what a killed davit did, until somebody ends it.
func TestInterruptedChanges(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"deploy": "deploy 3", "rollback": "rollback 3", "heal": "heal 0"} {
		f := beforeKill(t)
		healing := func() bool { return name == "heal" }
		f.killedWhen(func() bool { return healing() || strings.HasPrefix(f.releases("dev"), "3 pending") }, func() { killable[name](f) })
		if name == "heal" { // the fixture knows nothing of operations
			f.engine("").LeaveLock(must(f.Find("dev")), "carol", "heal")
		}
		c := f.status("dev").Interrupted
		if c == nil || fmt.Sprint(c.Operation, " ", c.Release) != want {
			t.Errorf("%s: %+v, wanted %s", name, c, want)
		}
	}
}

// TestInterruptedReleases: a release whose davit was killed is interrupted at once, and still is below later ones. One
// that is being applied is not.
func TestInterruptedReleases(t *testing.T) {
	f := beforeKill(t)
	seen := false
	f.compose(versioned(3, "true"))
	f.killedWhen(func() bool {
		if strings.HasPrefix(f.releases("dev"), "3 pending") {
			seen = true
			f.expectInterrupted("")
		}
		return false
	}, func() { f.deployed("dev") })
	if !seen {
		t.Error("release 3 was never pending")
	}
	f.compose(versioned(4, "true"))
	f.killedWhen(func() bool { return strings.HasPrefix(f.releases("dev"), "4 pending") },
		func() { _, _ = f.deploy("dev") })
	f.expectInterrupted("4")
	f.compose(versioned(5, "true"))
	f.deployed("dev")
	f.expectInterrupted("4")
}

// expectInterrupted compares the numbers of the interrupted releases.
func (f *fixture) expectInterrupted(want string) {
	f.Helper()
	var got []string
	for _, r := range must(f.Releases(f.Context(), "dev")) {
		if r.Interrupted {
			got = append(got, strconv.Itoa(r.Number))
		}
	}
	if numbers := strings.Join(got, ", "); numbers != want {
		f.Errorf("interrupted are %q, wanted %q", numbers, want)
	}
}

// TestKilledRollbackGoesOn: another one goes where it was going, and runs the way down again where nobody knows how it
// ended. Nothing lists the container of it that was left.
func TestKilledRollbackGoesOn(t *testing.T) {
	t.Parallel()
	for n := range 6 {
		f := beforeKill(t)
		f.killed(n+1, func() { killable["rollback"](f) })
		plan, err := f.Propose(t.Context(), f.request("dev"), f.emit)
		f.must(err)
		for _, c := range plan.Plan.Changes {
			if c.Name == "migrate-down" {
				t.Errorf("%d: the plan has %+v", n, c)
			}
		}
		out, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
		f.must(err)
		if f.expectVersion("dev", "v1"); out.Release.From != "dev 1" {
			t.Errorf("%d: outcome %+v", n, out)
		}
		f.expectSchema()
		if web := f.live("dev").Containers["web"][0].Name; f.engine("").Has(web, "/data/2") {
			t.Errorf("%d: the later schema is left", n)
		}
	}
}

// TestHealOfAKilledRollback: it runs the job again that was undone, and says so before.
func TestHealOfAKilledRollback(t *testing.T) {
	t.Parallel()
	f := beforeKill(t)
	for n := 1; n < 9 && f.status("dev").Services["migrate"].Healthy; n++ {
		f = beforeKill(t)
		f.killed(n, func() { killable["rollback"](f) })
	}
	if s := f.status("dev"); s.Healthy || !strings.Contains(s.Reason, "migrate was undone") {
		t.Errorf("status %+v", s)
	}
	out, err := f.heal()
	if f.must(err); out.Findings[0].Subject() != "service migrate" {
		t.Errorf("healed %+v", out)
	}
	f.expectGood("v2")
	f.expectSchema()
	_, err = f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
	if f.must(err); f.undone() != "ran migrate-down of release 2" {
		t.Errorf("undone %q", f.undone())
	}
}

// TestKilledRollbackWithATarget: a target that is the way down runs once, whenever the davit of the rollback is killed.
func TestKilledRollbackWithATarget(t *testing.T) {
	t.Parallel()
	for n := range 8 {
		f := newFixture(t, "[environments.dev]\ndown = \"schema-down\"\n", "")
		for version := range 2 {
			f.compose(migrated(version+1, "true"))
			f.deployed("dev")
		}
		f.killed(n+1, func() { killable["rollback"](f) })
		_, err := f.Rollback(t.Context(), f.request("dev"), 0, f.emit)
		f.must(err)
		if f.expectVersion("dev", "v1"); f.verifier.runs != 1 {
			t.Errorf("killed before change %d: it has run %d times", n+1, f.verifier.runs)
		}
		known := 0
		for _, r := range must(f.backend("dev").Releases(t.Context())) { // of another machine
			known += len(r.Undone)
		}
		if known != 1 {
			t.Errorf("killed before change %d: the records have %d runs", n+1, known)
		}
	}
}
