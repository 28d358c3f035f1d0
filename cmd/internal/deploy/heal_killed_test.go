package deploy_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestKilledHeal: whenever a heal is killed, the next one has an end that is true, and so has a deploy that may find nothing
// to change, while services are still starting.
func TestKilledHeal(t *testing.T) {
	t.Parallel()
	begin := func(t *testing.T) *fixture {
		f := newFixture(t, "", several)
		f.deployed("dev")
		f.kill("shop-dev-web-1")
		f.kill("shop-dev-db-1")
		return f
	}
	f := begin(t)
	steps := f.killed(1<<30, func() { _, _ = f.heal() })
	next := map[string]func(*fixture) error{
		"heal":   func(f *fixture) error { _, err := f.heal(); return err },
		"deploy": func(f *fixture) error { _, err := f.deploy("dev"); return err },
	}
	for n := range steps {
		for name, complete := range next {
			t.Run(fmt.Sprintf("%d of %d, %s", n, steps, name), func(t *testing.T) {
				f := begin(t)
				f.killed(n+1, func() { _, _ = f.heal() })
				f.must(complete(f))
				if s := f.status("dev"); !s.InSync || !s.Healthy {
					t.Errorf("status %+v", s)
				}
			})
		}
	}
}

// TestHealOfAFailedJob: a job of a deploy that was killed, and that has failed, is quarantined and not run again: the
// release that is brought back is healthy without it.
func TestHealOfAFailedJob(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", migrated(1, "true"))
	f.deployed("dev")
	f.compose(strings.Replace(migrated(2, "true"), "test ! -e", "test -e", 1)) // release 3 has not migrated
	f.killedWhen(func() bool {
		s := f.status("dev").Services["migrate"]
		return s.Reason == "exit code 1"
	}, func() { _, _ = f.deploy("dev") })
	f.expectReleases("dev", "2 pending, 1 healthy")
	_, err := f.heal()
	f.must(err)
	f.expectGood("v1")
	f.expectReleases("dev", "2 failed, 1 healthy")
}
