package deploytest

import (
	"slices"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

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
