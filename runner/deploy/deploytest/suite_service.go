package deploytest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

func testReplace(s *subject) {
	s.compose(pair)
	s.deploy()
	db, web := s.ids("db"), s.ids("web")
	s.compose(strings.ReplaceAll(pair, "LEVEL: info", "LEVEL: debug"))
	s.expectPlan("replace service web")
	s.deploy()
	if !slices.Equal(db, s.ids("db")) || slices.Equal(web, s.ids("web")) {
		s.Error("not web alone was replaced")
	}
	if got := s.live().Model.Services["web"].Fields["environment.LEVEL"]; got != "debug" {
		s.Errorf("LEVEL is %q", got)
	}
	s.compose(strings.Split(pair, "  web:")[0])
	s.expectPlan("delete service web")
	s.deploy()
	if n := len(s.ids()); n != 1 {
		s.Errorf("%d containers", n)
	}
}

const scaled = `
services:
  web:
    image: IMAGE
    command: [sleep, "1000"]
    deploy: {replicas: %d}
    stop_grace_period: 0s
`

func testScale(s *subject) {
	s.compose(fmt.Sprintf(scaled, 2))
	s.deploy()
	two := s.ids()
	s.compose(fmt.Sprintf(scaled, 3))
	s.expectPlan("update service web")
	s.deploy()
	three := s.ids()
	if len(three) != 3 || !slices.Contains(three, two[0]) || !slices.Contains(three, two[1]) {
		s.Errorf("the containers were %q and are %q", two, three)
	}
	s.compose(fmt.Sprintf(scaled, 1))
	s.deploy()
	if one := s.ids(); len(one) != 1 || !slices.Contains(three, one[0]) {
		s.Errorf("the containers were %q and are %q", three, one)
	}
	s.compose(fmt.Sprintf(scaled, 0))
	s.expectPlan("update service web")
	s.deploy()
	s.expectGood(0)
	s.must(s.b.Destroy(s.Context(), deploy.DestroyOptions{}))
	s.deploy()
	s.expectGood(0)
}

// expectGood checks that the environment has so many containers, is in sync and healthy, and has nothing to heal.
func (s *subject) expectGood(containers int) {
	s.Helper()
	live := s.live()
	_, whole := release.Assess(s.applied.Model, live, nil)
	if d := release.Diagnose(s.applied.Model, live, nil); !d.Empty() || !whole.InSync || !whole.Healthy {
		s.Errorf("state %+v, findings %s", whole, d)
	}
	if n := len(s.ids()); n != containers {
		s.Errorf("%d containers, wanted %d", n, containers)
	}
}

const oneShot = `
services:
  store: {image: IMAGE, command: [sleep, "1000"], stop_grace_period: 0s}
  buckets:
    image: IMAGE
    command: [sh, -c, "echo made; exit %d"]
    restart: "%s"
    depends_on: [store]
`

// testOneShot: a service that ends well, that nobody waits for and that nothing starts again is done, and does not
// run again.
func testOneShot(s *subject) {
	for _, policy := range []string{"no", "on-failure"} {
		s.compose(fmt.Sprintf(oneShot, 0, policy))
		s.deploy()
		s.expectGood(2)
		services, _ := release.Assess(s.applied.Model, s.live(), nil)
		if got := services["buckets"].Reason; got != "done" {
			s.Errorf("it is %q", got)
		}
	}
	before := s.live().Containers["buckets"][0]
	s.compose(strings.ReplaceAll(fmt.Sprintf(oneShot, 0, "on-failure"), `"1000"`, `"1001"`))
	s.deploy()
	if after := s.live().Containers["buckets"][0]; after.ID != before.ID || after.Started != before.Started {
		s.Error("what was done ran again")
	}
	s.compose(fmt.Sprintf(oneShot, 3, "no"))
	s.expectError(s.try(s.Context(), deploy.ApplyOptions{}), "ended with exit code 3")
}

// testCrashLoop: a container that nothing checks, and that ends again and again, is never healthy.
func testCrashLoop(s *subject) {
	const loop = `
services:
  web:
    image: IMAGE
    command: [sh, -c, "sleep 1; exit 1"]
    restart: always
    deploy: {update_config: {monitor: 3s}}
    stop_grace_period: 0s
  later: {image: IMAGE, command: [sleep, "1000"], depends_on: [web], stop_grace_period: 0s}
`
	s.compose(loop)
	s.expectError(s.try(s.Context(), deploy.ApplyOptions{}), "keeps restarting")
	r := s.release()
	if _, whole := release.Assess(r.Model, s.live(), nil); whole.Healthy {
		s.Errorf("state %+v", whole)
	}
}
