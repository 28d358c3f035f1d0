package deploytest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

func testRecords(s *subject) {
	s.compose(pair)
	ctx, r := s.Context(), s.release()
	for n, result := range []release.Result{release.Healthy, release.Failed, release.Failed,
		release.Pending} {
		r.Number, r.Result = n+1, release.Pending
		s.must(s.b.Record(ctx, r))
		r.Result = result
		s.must(s.b.Record(ctx, r))
	}
	s.expectReleases("4 pending, 3 failed, 2 failed, 1 healthy")
	all, err := s.b.Releases(ctx)
	s.must(err)
	if last := all[3]; last.Format != release.Format || last.Model.Sum() != r.Model.Sum() ||
		string(last.Compose) != string(r.Compose) || !reflect.DeepEqual(last.Images["web"], r.Images["web"]) {
		s.Errorf("release %+v", last)
	}
	if c := all[0].Chain; len(c) != 3 || c[0].Number != 3 || c[0].Result != release.Failed ||
		c[0].Digest != all[1].Digest || c[2].Digest != all[3].Digest || all[3].Chain != nil {
		s.Errorf("chain %+v", c)
	}
	s.must(s.b.VerifyHistory(ctx, true, false))
	s.must(s.b.PruneReleases(ctx, 2))
	s.must(s.Backend("dev").VerifyHistory(ctx, true, false))
	s.expectReleases("4 pending, 3 failed, 1 healthy")
	if all, err := s.Backend("staging").Releases(ctx); err != nil || len(all) > 0 {
		s.Errorf("another environment has releases %v, %v", all, err)
	}
}

func (s *subject) expectReleases(want string) {
	s.Helper()
	all, err := s.b.Releases(s.Context())
	s.must(err)
	var text []string
	for _, r := range all {
		text = append(text, fmt.Sprint(r.Number, " ", r.Result))
	}
	if got := strings.Join(text, ", "); got != want {
		s.Errorf("releases %s, wanted %s", got, want)
	}
}

func testRepairs(s *subject) {
	ctx := s.Context()
	for n := range 4 {
		r := release.Repair{Format: release.Format, Release: n + 1, By: "ann", Result: release.Healthy,
			Findings: []release.Finding{{Service: "web", Action: release.ScaleUp, Unhealthy: `it "is"`}}}
		s.must(s.b.RecordRepair(ctx, r, 3))
	}
	all, err := s.b.ListRepairs(ctx)
	s.must(err)
	if len(all) != 3 || all[0].Release != 4 || all[2].Release != 2 ||
		all[0].Findings[0].Unhealthy != `it "is"` {
		s.Errorf("repairs %+v", all)
	}
	if all, err := s.b.Releases(ctx); err != nil || len(all) > 0 {
		s.Errorf("a repair is listed as a release: %v, %v", all, err)
	}
}

func testLocks(s *subject) {
	ctx := s.Context()
	other := s.Backend("dev")
	if h, err := s.b.Holder(ctx); err != nil || h != nil {
		s.Fatalf("before anybody locks, the holder is %v, %v", h, err)
	}
	first, err := s.b.Lock(ctx, deploy.LockOptions{Owner: "ann", Operation: "deploy"})
	s.must(err)
	h, err := other.Holder(ctx)
	if err != nil || h == nil || h.Owner != "ann" || h.Operation != "deploy" || !h.Expires.After(h.Since) {
		s.Errorf("holder %+v, %v", h, err)
	}
	_, err = other.Lock(ctx, deploy.LockOptions{Owner: "bob", Operation: "heal"})
	if e, is := errors.AsType[*deploy.LockedError](err); !is || e.Holder.Owner != "ann" {
		s.Fatalf("a second lock: %v", err)
	}
	staging, err := s.Backend("staging").Lock(ctx, deploy.LockOptions{Owner: "bob"})
	s.must(err)
	staging.Unlock()
	first.Unlock()
	second, err := other.Lock(ctx, deploy.LockOptions{Owner: "bob", Operation: "heal"})
	s.must(err)
	if second.Stale != nil {
		s.Errorf("a lock that was given back is stale: %+v", second.Stale)
	}
	second.Unlock()
}

func testBrokenLocks(s *subject) {
	ctx := s.Context()
	other := s.Backend("dev")
	first, err := s.b.Lock(ctx, deploy.LockOptions{Owner: "ann", Operation: "deploy"})
	s.must(err)
	second, err := other.Lock(ctx, deploy.LockOptions{Owner: "bob", Operation: "heal", Break: true})
	s.must(err)
	if second.Stale == nil || second.Stale.Reason != deploy.LockBroken || second.Stale.Holder.Owner != "ann" {
		s.Errorf("stale %+v", second.Stale)
	}
	select {
	case <-first.Held.Done():
	case <-time.After(patience):
		s.Fatal("the lease did not end")
	}
	cause := context.Cause(first.Held)
	if e, is := errors.AsType[*deploy.LeaseLostError](cause); !is || e.By.Owner != "bob" {
		s.Errorf("the lease ended with %v", cause)
	}
	first.Unlock()
	if h, err := s.b.Holder(ctx); err != nil || h == nil || h.Owner != "bob" {
		s.Errorf("when the loser unlocks, the holder is %+v, %v", h, err)
	}
	second.Unlock()
	third, err := s.b.Lock(ctx, deploy.LockOptions{Owner: "ann", Operation: "deploy"})
	s.must(err)
	third.Unlock()
}

func testDrift(s *subject) {
	s.compose(fmt.Sprintf(scaled, 2))
	s.deploy()
	s.Kill(s.name("web-1"))
	s.expectDrift("web.replicas")
	s.deploy()
	s.Remove(s.name("web-2"))
	s.expectDrift("web.replicas")
	s.deploy()
	s.exec("web", "touch", "/etc/x")
	s.expectDrift("web.files./etc/x")
	quick, err := s.b.Observe(s.Context(), deploy.ObserveOptions{})
	if err != nil || len(quick.Model.Services["web"].SelfModified) > 0 {
		s.Errorf("a look without files has them: %+v, %v", quick, err)
	}
}

const configured = `
services:
  web:
    image: IMAGE
    command: [sh, -c, "echo mine > /etc/own; exec sleep 1000"]
    configs: [{source: app, target: /etc/app.conf}, {source: own, target: /etc/own}]
    secrets: [pass]
    stop_grace_period: 0s
configs: {app: {content: "colour = red\n"}, own: {content: yours}}
secrets: {pass: {environment: PASSWORD}}
`

// testChangedConfigs: what somebody changes in a config or a secret inside a container is drift of the release, which
// a heal mends. What a program makes of its own on its way to health is not.
func testChangedConfigs(s *subject) {
	s.compose(configured)
	s.deploy()
	s.expectDrift()
	s.exec("web", "sh", "-c", "echo colour = blue > /etc/app.conf; echo x > /run/secrets/pass; rm /etc/own")
	s.expectDrift("web.configs./etc/app.conf", "web.configs./etc/own", "web.secrets./run/secrets/pass")
	d := release.Diagnose(s.applied.Model, s.live(), nil)
	healer, can := s.b.(deploy.Healer)
	if len(d.Findings) != 1 || !can {
		s.Fatalf("findings %s", d)
	}
	s.must(healer.Heal(s.Context(), d, s.applied, deploy.HealOptions{ApplyOptions: deploy.ApplyOptions{Timeout: patience}}))
	s.expectDrift()
}

func testOthers(s *subject) {
	s.compose(fmt.Sprintf(scaled, 1))
	s.deploy()
	stranger, oneoff := s.env.Project+"-stranger", s.env.Project+"-run"
	s.Harness.Run(Foreign{Name: stranger, Networks: []string{s.env.Instance() + "_default"}})
	s.expectDrift("unmanaged." + stranger)
	s.Remove(stranger)
	s.Harness.Run(Foreign{Name: oneoff, Project: s.env.Instance(), Service: "web", Oneoff: true})
	s.expectDrift("unmanaged." + oneoff)
	s.expectPlan()
	s.deploy()
	if live := s.live(); !slices.Equal(live.Unmanaged, []string{oneoff}) || len(live.Containers["web"]) != 1 {
		s.Errorf("after a deploy there is %+v", live)
	}
}

// testOwnership has containers of others with every label that davit and Compose use, in each place where
// davit removes or counts containers.
func testOwnership(s *subject) {
	s.compose(fmt.Sprintf(scaled, 2))
	s.deploy()
	own := s.ids()
	others := []string{s.env.Project + "-labelled", s.env.Project + "-composed", s.env.Project + "-copied",
		s.name("set-aside-web-1-20260131T120000.000"), s.name("web-9"), s.env.Project + "-unknown"}
	s.Harness.Run(Foreign{Name: others[0], Project: s.env.Instance(), Service: "web", Number: 3})
	s.Harness.Run(Foreign{Name: others[1], Project: s.env.Instance(), Service: "web", Number: 4, Composed: true})
	s.Harness.Run(Foreign{Name: others[2], Like: s.name("web-1")})
	s.Harness.Run(Foreign{Name: others[3], Like: s.name("web-1")})
	s.Harness.Run(Foreign{Name: others[4], Like: s.name("web-2"),
		Networks: []string{s.env.Instance() + "_default"}})
	s.Harness.Run(Foreign{Name: others[5], Project: s.env.Instance(), Service: "gone", Number: 1, Composed: true})
	tried := 0
	untouched := func(after string) {
		s.Helper()
		live := s.live()
		for _, name := range others {
			tried++
			if !slices.Contains(live.Unmanaged, name) {
				s.Errorf("%s: %s is not named as another's: %q", after, name, live.Unmanaged)
			}
		}
		if len(live.Quarantined) > 0 && after != "heal" || len(live.Adoptable) > 0 {
			s.Errorf("%s: quarantined %v, adoptable %v", after, live.Quarantined, live.Adoptable)
		}
	}
	untouched("look")
	if ids := s.ids(); !slices.Equal(ids, own) {
		s.Errorf("containers of others count as replicas: %q, and %q", own, ids)
	}
	s.expectPlan()
	s.deploy()
	untouched("deploy of the same")
	s.compose(strings.ReplaceAll(fmt.Sprintf(scaled, 2), "1000", "1001"))
	s.deploy()
	untouched("replacement")
	s.compose(strings.ReplaceAll(fmt.Sprintf(scaled, 1), "1000", "1001"))
	s.deploy()
	untouched("scale down")
	if healer, can := s.b.(deploy.Healer); can {
		s.Kill(s.live().Containers["web"][0].Name)
		s.eventually("a finding", func() bool {
			return !release.Diagnose(s.applied.Model, s.live(), nil).Empty()
		})
		o := deploy.HealOptions{ApplyOptions: deploy.ApplyOptions{Timeout: patience}}
		s.must(healer.Heal(s.Context(), release.Diagnose(s.applied.Model, s.live(), nil), s.applied, o))
		untouched("heal")
	}
	s.conflictOfName()
	s.Remove(others[4]) // the engine keeps a network that somebody uses
	others = slices.Delete(others, 4, 5)
	s.must(s.b.Destroy(s.Context(), deploy.DestroyOptions{Volumes: true}))
	for _, name := range others {
		tried++
		s.Remove(name) // fails where it is gone
	}
	s.Logf("%d containers of others tried, %d held", tried, tried)
}

// conflictOfName has somebody take the name of the next container of a service: that is refused before
// anything is touched.
func (s *subject) conflictOfName() {
	unused := s.name("web-1")
	if s.live().Containers["web"][0].Name == unused {
		unused = s.name("web-2")
	}
	s.Harness.Run(Foreign{Name: unused, Project: s.env.Instance(), Service: "web", Number: 2, Composed: true})
	s.compose(strings.ReplaceAll(fmt.Sprintf(scaled, 2), "1000", "1001"))
	conflicts, err := s.b.Conflicts(s.Context(), s.release().Model)
	s.must(err)
	if len(conflicts) != 1 || !strings.Contains(conflicts[0].String(), "not davit's") {
		s.Errorf("conflicts %+v", conflicts)
	}
	s.Remove(unused)
}

// testAdoption has what Compose made before davit: it is adopted once, by a plan that names it, and what
// another has is not.
func testAdoption(s *subject) {
	s.compose(fmt.Sprintf(scaled, 1))
	composed := s.name("web-1")
	s.Network(s.env.Instance()+"_default", s.env.Instance())
	s.Harness.Run(Foreign{Name: composed, Project: s.env.Instance(), Service: "web", Number: 1, Composed: true,
		Networks: []string{s.env.Instance() + "_default"}})
	s.Harness.Run(Foreign{Name: s.name("old-1"), Project: s.env.Instance(), Service: "old", Number: 1,
		Composed: true})
	healer, heals := s.b.(deploy.Healer)
	if heals {
		err := healer.Heal(s.Context(), release.Diagnosis{}, s.release(), deploy.HealOptions{})
		s.expectError(err, "no record")
	}
	s.must(s.b.Destroy(s.Context(), deploy.DestroyOptions{}))
	s.expectPlan("adopt container "+composed, "adopt network "+s.env.Instance()+"_default",
		"replace service web")
	if own := s.live().Owned(); len(own.Containers)+len(own.Model.Networks) > 0 {
		s.Errorf("before it is adopted, this is davit's: %+v", own)
	}
	s.deploy()
	live := s.live()
	if len(live.Containers["web"]) != 1 || len(live.Adoptable) > 0 ||
		!slices.Equal(live.Unmanaged, []string{s.name("old-1")}) {
		s.Errorf("after a deploy there is %+v", live)
	}
	s.expectPlan()
	s.Remove(s.name("old-1"))
	s.expectDuplicates()
}

const mounted = `
services:
  web:
    image: IMAGE
    command: [sleep, "1000"]
    volumes: ["./conf:/conf:ro", ".:/all"]
    stop_grace_period: 0s
`

// testClones: seen from another clone of the repository, what was deployed is in sync. A deploy from there says which
// mounts change from folder to folder, and is the last change.
func testClones(s *subject) {
	s.compose(mounted)
	s.must(os.MkdirAll(filepath.Join(s.env.Dir, "conf"), 0o755))
	s.deploy()
	first, second := s.env.Dir, s.TempDir()
	s.must(os.CopyFS(second, os.DirFS(first)))
	s.env.Dir = second
	s.b = s.Harness.Open(s.env)
	s.expectDrift()
	r := s.release()
	plan := s.plan(r)
	text := fmt.Sprintf("%+v", plan.Changes)
	for _, want := range []string{"bind " + first + "/conf,ro", "bind " + second + "/conf,ro", "bind " + first + " ", "deployed from the folder " + first} {
		if len(plan.Changes) != 1 || !strings.Contains(text, want) {
			s.Errorf("%q is not in the plan %s", want, text)
		}
	}
	s.deploy()
	s.expectDrift()
	s.b = s.Harness.Backend("dev")
	s.expectDrift()
}

// expectDuplicates checks that what Compose has made of the same file under another name is seen, and nothing else.
func (s *subject) expectDuplicates() {
	file := filepath.Join(s.env.Dir, "compose.yaml")
	for _, f := range []Foreign{{Name: s.name("x-1"), Project: "other-" + s.env.Instance(), Service: "web", Composed: true, File: file},
		{Name: s.name("x-2"), Project: "other-" + s.env.Instance(), Service: "web", Composed: true, File: file + "x"},
		{Name: s.name("x-3"), Service: "web", File: file}} {
		s.Harness.Run(f)
		defer s.Remove(f.Name)
	}
	s.Volume("other-"+s.env.Instance()+"_data", "other-"+s.env.Instance())
	want := []release.ComposeProject{{Name: "other-" + s.env.Instance(), Containers: []string{s.name("x-1")},
		Volumes: []string{"other-" + s.env.Instance() + "_data"}}}
	if got := s.live().Duplicates; !reflect.DeepEqual(got, want) {
		s.Errorf("beside it there is %+v", got)
	}
}

const healed = `
services:
  web:
    image: IMAGE
    command: [sleep, "1000"]
    healthcheck: {test: [CMD, test, "!", -e, /sick], interval: 1s, retries: 1}
    deploy: {replicas: 2}
    stop_grace_period: 0s
  db:
    image: IMAGE
    command: [sh, -c, "echo db is up; exec sleep 1000"]
    volumes: ["data:/data"]
    stop_grace_period: 0s
volumes: {data: {}}
`

func testHeal(s *subject) {
	healer, can := s.b.(deploy.Healer)
	if !can {
		s.Skip("the backend does not heal")
	}
	s.compose(healed)
	s.deploy()
	first := s.live().Containers["web"][0].ID
	s.exec("db", "touch", "/data/kept")
	s.Kill(s.name("db-1"))
	s.execIn("web", 2, "touch", "/sick")
	s.eventually("two findings", func() bool {
		d := release.Diagnose(s.applied.Model, s.live(), nil)
		return len(d.Findings) == 2 && slices.ContainsFunc(d.Findings,
			func(f release.Finding) bool { return f.Unhealthy == "unhealthy" })
	})
	o := deploy.HealOptions{ApplyOptions: deploy.ApplyOptions{Timeout: patience}, Keep: 3}
	s.must(healer.Heal(s.Context(), release.Diagnose(s.applied.Model, s.live(), nil), s.applied, o))
	live := s.live()
	if d := release.Diagnose(s.applied.Model, live, nil); !d.Empty() {
		s.Errorf("after a heal there is %s", d)
	}
	if ids := s.ids("web"); !slices.Contains(ids, first) || len(ids) != 2 {
		s.Errorf("a healthy container was replaced: %+v", live.Containers["web"])
	}
	if s.exec("db", "test", "-e", "/data/kept") != 0 {
		s.Error("what was in the volume is gone")
	}
	if len(live.Quarantined) != 2 || live.Quarantined[0].Since.Before(live.Quarantined[1].Since) {
		s.Errorf("quarantined %+v", live.Quarantined)
	}
	s.Kill(s.name("db-1"))
	s.expectDrift("db.replicas")
	o.Keep = 1
	s.must(healer.Heal(s.Context(), release.Diagnose(s.applied.Model, s.live(), nil), s.applied, o))
	older := func(q release.Quarantined) bool {
		return q.Service == "db" &&
			slices.Contains(live.Quarantined, q)
	}
	if again := s.live().Quarantined; len(again) != 2 || slices.ContainsFunc(again, older) {
		s.Errorf("quarantined %+v", again)
	}
}

func testImages(s *subject) {
	ctx := s.Context()
	if i, err := s.b.Image(ctx, "davit.invalid/nothing:1"); err != nil || i != nil {
		s.Errorf("an unknown image is %v, %v", i, err)
	}
	i, err := s.b.Pull(ctx, s.Image(), false, nil)
	s.must(err)
	if same, err := s.b.Image(ctx, i.Ref()); err != nil || same == nil || same.Ref() != i.Ref() {
		s.Errorf("by what the backend calls it, it is %v, %v", same, err)
	}
	if same, err := s.b.Find(ctx, i); err != nil || same == nil || !reflect.DeepEqual(*same, i) {
		s.Errorf("as an image of a release it is %v, %v", same, err)
	}
	_, err = s.b.Pull(ctx, "davit.invalid/nothing:1", false, nil)
	s.expectError(err, "cannot be pulled")
	staging := s.Backend("staging")
	archive, err := s.b.Export(ctx, i)
	s.must(err)
	defer archive.Close()
	s.must(staging.Import(ctx, i, archive))
	built := release.Image{Digest: "sha256:" + strings.Repeat("0", 64), Name: "built"}
	if found, err := s.b.Find(ctx, built); err != nil || found != nil {
		s.Errorf("an image that is nowhere is %v, %v", found, err)
	}
	if err := s.b.Fetch(ctx, s.env, "web", built, nil); err == nil {
		s.Error("an image that no registry has was fetched")
	}
	if _, err := s.b.Export(ctx, built); err == nil ||
		!strings.Contains(err.Error(), `has no image "built"`) {
		s.Errorf("an export of what is nowhere: %v", err)
	}
}

func testLogs(s *subject) {
	s.compose(pair)
	give := func(deploy.LogLine) error { return nil }
	if err := s.b.Logs(s.Context(), deploy.LogOptions{}, give); err == nil {
		s.Error("logs of an environment without containers")
	}
	s.deploy()
	var lines []deploy.LogLine
	keep := func(l deploy.LogLine) error {
		lines = append(lines, l)
		return nil
	}
	s.eventually("a line", func() bool {
		lines = nil
		s.must(s.b.Logs(s.Context(), deploy.LogOptions{Services: []string{"web"}, Tail: 5}, keep))
		return len(lines) == 1
	})
	l := lines[0]
	if l.Service != "web" || l.Container != "web-1" || l.Text != "web says hello" || l.Time.IsZero() {
		s.Errorf("line %+v", l)
	}
	s.expectError(s.b.Logs(s.Context(), deploy.LogOptions{Services: []string{"nobody"}}, give), "nobody")
	if err := s.b.Logs(s.Context(), deploy.LogOptions{Since: "yesterday"}, give); err == nil {
		s.Error("logs since what is no time")
	}
	end := errors.New("enough")
	stop := func(deploy.LogLine) error { return end }
	if err := s.b.Logs(s.Context(), deploy.LogOptions{Follow: true}, stop); !errors.Is(err, end) {
		s.Errorf("followed logs that nobody wants any more: %v", err)
	}
}

func testInspect(s *subject) {
	s.compose(strings.Replace(pair, "stop_grace_period: 0s\n  web:",
		"volumes: [\"data:/data\"]\n    stop_grace_period: 0s\n  web:", 1) + "volumes: {data: {}}\n")
	s.deploy()
	if exit := s.exec("web", "sh", "-c", "exit 7"); exit != 7 {
		s.Errorf("exit %d", exit)
	}
	_, err := s.b.Exec(s.Context(), deploy.ExecOptions{Service: "nobody", Command: []string{"true"}})
	s.expectError(err, "nobody")
	s.exec("web", "sh", "-c", "echo new > /etc/new")
	files, err := s.b.Files(s.Context(), s.name("web-1"), []string{"/etc/new"})
	if err != nil || len(files) != 1 || files[0].Original != nil || string(files[0].Current) != "new\n" {
		s.Errorf("files %+v, %v", files, err)
	}
	d, err := s.b.Details(s.Context())
	s.must(err)
	if len(d.Images) != 1 || d.Networks["default"].Name != s.env.Instance()+"_default" ||
		d.Volumes["data"].Name != s.env.Instance()+"_data" || d.Holder != nil {
		s.Errorf("details %+v", d)
	}
}
