package deploy_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/ui"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// operated is a project of three services, in one of some variants of which only the first is healthy.
func operated(version, replicas int, broken string) string {
	check, exit, order := "true", 0, "start-first"
	switch broken {
	case "check":
		check = "false"
	case "check, with an interruption":
		check, order = "false", "stop-first"
	case "job":
		exit = 3
	}
	return fmt.Sprintf(`
services:
  web:
    image: busybox
    command: [sleep, "1000"]
    environment: {VERSION: v%[1]d}
    healthcheck: {test: [CMD, "%[3]s"], interval: 1s}
    deploy: {replicas: %[2]d, update_config: {order: %[5]s}}
    depends_on: {migrate: {condition: service_completed_successfully}, db: {condition: service_started}}
  migrate:
    image: busybox
    command: [sh, -c, "echo migrating to v%[1]d; exit %[4]d"]
  db:
    image: busybox
    command: [sleep, "1000"]
    volumes: ["data:/data"]
volumes: {data: {}}
`, version, replicas, check, exit, order)
}

// operations is an environment that goes through one operation after the other.
type operations struct {
	*fixture
	version int
	trace   []string
	kept    []string // files of the volume
	killed  []int    // releases whose davit was killed
}

func (o *operations) did(format string, args ...any) {
	o.trace = append(o.trace, fmt.Sprintf(format, args...))
}

// healthyReleases returns the healthy ones, the newest first.
func (o *operations) healthyReleases() (all []release.Release) {
	o.Helper()
	releases, err := o.backend("dev").Releases(o.Context())
	o.must(err)
	return slices.DeleteFunc(release.MarkSkipped(releases), func(r release.Release) bool { return r.Result != release.Healthy })
}

// next writes the next version.
func (o *operations) next(choice byte, broken string) {
	o.version++
	o.compose(operated(o.version, 1+int(choice)%3, broken))
}

// container returns one of the containers of what goes on; empty if there is none. A job is over, and nobody
// heals it.
func (o *operations) container(choice byte) string {
	names := slices.DeleteFunc(o.engine("").Containers(), func(name string) bool {
		return strings.Contains(name, "-set-aside-") || strings.Contains(name, "-migrate-")
	})
	if len(names) == 0 {
		return ""
	}
	return names[int(choice)%len(names)]
}

// do carries out the operation that a byte stands for.
func (o *operations) do(b byte) {
	o.Helper()
	choice := b / 11
	switch b % 11 {
	case 0, 1:
		o.next(choice, "")
		o.succeeds("deploy", func() error { _, err := o.deploy("dev"); return err })
		o.expectVersion("dev", fmt.Sprintf("v%d", o.version))
	case 2:
		o.fails([]string{"check", "check, with an interruption", "job"}[choice%3])
	case 3:
		o.did("kill %s: %v", o.container(choice), o.engine("").Kill(o.container(choice)))
	case 4:
		o.did("remove %s: %v", o.container(choice), o.engine("").Remove(o.container(choice)))
	case 5:
		o.did("change %s: %v", o.container(choice),
			o.engine("").Set(o.container(choice), "environment.LEVEL", "debug"))
	case 6:
		o.did("write to %s: %v", o.container(choice),
			o.engine("").Write(o.container(choice), "/etc/motd", "hello"))
	case 7:
		o.heals()
	case 8:
		o.rollsBack()
	case 9:
		o.isInterrupted(choice)
	case 10:
		o.isKilled(choice)
	}
}

// succeeds carries out what has to go well, unless nothing is deployed yet and that is what it needs.
func (o *operations) succeeds(what string, do func() error) {
	o.Helper()
	o.did("%s", what)
	if err := do(); err != nil {
		o.Fatalf("%s: %v\n%s", what, err, strings.Join(o.trace, "\n"))
	}
	o.matches(o.healthyReleases()[0])
}

// matches checks that what runs is a release.
func (o *operations) matches(r release.Release) {
	o.Helper()
	live, err := o.backend("dev").Observe(o.Context(), backend.ObserveOptions{})
	o.must(err)
	if p := release.Compare(r.Model, r.Model, live, nil); !p.Empty() {
		o.Fatalf("what runs is not release %d: %+v\n%s", r.Number, p.Changes, strings.Join(o.trace, "\n"))
	}
	if _, whole := release.Assess(r.Model, live, nil); !whole.Healthy {
		o.Fatalf("release %d is not healthy: %s\n%s", r.Number, whole.Reason, strings.Join(o.trace, "\n"))
	}
}

// fails deploys what cannot become healthy. The last healthy release runs then.
func (o *operations) fails(how string) {
	o.Helper()
	before := o.healthyReleases()
	o.next(0, how)
	o.did("deploy with a bad %s", how)
	if _, err := o.deploy("dev"); err == nil {
		o.Fatalf("it went well\n%s", strings.Join(o.trace, "\n"))
	}
	o.isAsBefore(before)
}

// isAsBefore checks that the last healthy release is the same, and runs.
func (o *operations) isAsBefore(before []release.Release) {
	o.Helper()
	after := o.healthyReleases()
	if len(after) != len(before) {
		o.Fatalf("%d releases are healthy, and %d were\n%s", len(after), len(before),
			strings.Join(o.trace, "\n"))
	}
	if len(after) > 0 {
		o.matches(after[0])
	}
}

// isInterrupted deploys until a service says so much.
func (o *operations) isInterrupted(events byte) {
	o.Helper()
	before := o.healthyReleases()
	o.next(events, "")
	o.did("deploy, interrupted after %d events", events%5)
	ctx, cancel := context.WithCancel(o.Context())
	defer cancel()
	left := int(events % 5)
	_, err := o.Deploy(ctx, o.request("dev"), func(e ui.Event) {
		if e.Type == ui.EventOutput {
			if left--; left < 0 {
				cancel()
			}
		}
	})
	if err != nil {
		o.isAsBefore(before)
	}
}

// isKilled begins a deploy as a davit does that is killed when a service says so much: its release stays
// pending.
func (o *operations) isKilled(events byte) {
	o.Helper()
	o.next(events, "")
	p, err := o.Propose(o.Context(), o.request("dev"), o.emit)
	o.must(err)
	p.Release.Result = release.Pending
	o.must(o.backend("dev").Record(o.Context(), p.Release))
	o.killed = append(o.killed, p.Release.Number)
	o.did("deploy, killed after %d events", events%15)
	ctx, cancel := context.WithCancel(o.Context())
	defer cancel()
	left := int(events % 15)
	_ = o.backend("dev").Apply(ctx, p.Plan, p.Release, backend.ApplyOptions{Emit: func(ui.Event) {
		if left--; left < 0 {
			cancel()
		}
	}})
	if events%2 == 0 {
		o.succeeds("deploy of the same", func() error { _, err := o.deploy("dev"); return err })
		o.expectVersion("dev", fmt.Sprintf("v%d", o.version))
	}
}

// heals heals. A job of a davit that was killed stays what it is, and its release has ended then.
func (o *operations) heals() {
	o.Helper()
	if len(o.healthyReleases()) == 0 {
		return
	}
	o.did("heal")
	if _, err := o.heal(); err != nil {
		o.Fatalf("heal: %v\n%s", err, strings.Join(o.trace, "\n"))
	}
	all, err := o.backend("dev").Releases(o.Context())
	o.must(err)
	o.killed = slices.DeleteFunc(o.killed, func(number int) bool { return number == all[0].Number })
	s, err := o.Status(o.Context(), "dev")
	o.must(err)
	if !s.InSync || !s.Healthy {
		o.Fatalf("after a heal it is %+v\n%s", s, strings.Join(o.trace, "\n"))
	}
}

func (o *operations) rollsBack() {
	o.Helper()
	all := o.healthyReleases()
	if len(all) < 2 || strings.Contains(strings.Split(o.releases("dev"), ",")[0], string(release.Pending)) {
		return // of a pending one it would go back to the newest
	}
	o.succeeds("roll back", func() error {
		_, err := o.Rollback(o.Context(), o.request("dev"), 0,
			o.emit)
		return err
	})
	if now := o.healthyReleases()[0]; now.Number != all[0].Number &&
		now.Model.Services["web"].Fields.Sum() != all[1].Model.Services["web"].Fields.Sum() {
		o.Fatalf("release %d is not that before %d\n%s", now.Number, all[0].Number,
			strings.Join(o.trace, "\n"))
	}
}

// invariants are true whatever happens.
func (o *operations) invariants() {
	o.Helper()
	all, err := o.backend("dev").Releases(o.Context())
	o.must(err)
	for i, r := range all {
		if r.Number != len(all)-i || (r.Result == release.Pending) != slices.Contains(o.killed, r.Number) {
			o.Fatalf("releases %s\n%s", o.releases("dev"), strings.Join(o.trace, "\n"))
		}
	}
	if o.version > 0 && len(all) > 0 && len(o.engine("").Volumes()) != 1 {
		o.Fatalf("volumes %q\n%s", o.engine("").Volumes(), strings.Join(o.trace, "\n"))
	}
	if db := o.live("dev").Containers["db"]; len(db) > 0 {
		file := fmt.Sprintf("/data/%d", len(all))
		o.engine("").Write(db[0].Name, file, "kept")
		o.kept = append(o.kept, file)
		files, err := o.backend("dev").Files(o.Context(), db[0].Name, o.kept)
		o.must(err)
		if slices.ContainsFunc(files, func(f backend.File) bool { return string(f.Current) != "kept" }) {
			o.Fatalf("what was in the volume is gone: %+v\n%s", files, strings.Join(o.trace, "\n"))
		}
	}
	if h, err := o.backend("dev").Holder(o.Context()); err != nil || h != nil {
		o.Fatalf("the lock is left to %+v, %v\n%s", h, err, strings.Join(o.trace, "\n"))
	}
}

// TestOperations: after whatever sequence of deploys, failures, interruptions, drift, heals and rollbacks,
// what runs is the newest healthy release, nothing in a volume is lost, and the records are complete.
func TestOperations(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 1))
			o := &operations{fixture: newFixture(t, "[environments.dev]\nkeep = 100\n", operated(0, 1, ""))}
			for range 12 {
				o.do(byte(random.UintN(256)))
				o.invariants()
			}
		})
	}
}
