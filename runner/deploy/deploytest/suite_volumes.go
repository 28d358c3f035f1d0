package deploytest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

const volumed = `
services:
  one: {image: IMAGE, command: [sleep, "1000"], environment: {V: %s}, volumes: ["keep:/keep"], stop_grace_period: 0s}
volumes: {keep: {}}
`

func testVolumes(s *subject) {
	s.compose(fmt.Sprintf(volumed, "v1"))
	s.deploy()
	s.exec("one", "touch", "/keep/data")
	s.compose(fmt.Sprintf(volumed, "v2"))
	s.deploy()
	if s.exec("one", "test", "-e", "/keep/data") != 0 {
		s.Error("what was in the volume is gone")
	}
	without := `services: {one: {image: IMAGE, command: [sleep, "1000"], stop_grace_period: 0s}}`
	s.compose(without)
	s.deploy()
	if r := s.plan(s.applied).Retained; len(r) != 1 || r[0].Name != "keep" || r[0].Kind != release.Delete {
		s.Errorf("retained %+v", r)
	}
	if _, has := s.live().Model.Volumes["keep"]; !has {
		s.Error("the volume is gone, and nobody asked for that")
	}
	s.must(s.try(s.Context(), deploy.ApplyOptions{Volumes: true}))
	if _, has := s.live().Model.Volumes["keep"]; has {
		s.Error("the volume is still there")
	}
}

// testRenamedVolumes gives a service another volume under the same key, and goes back.
func testRenamedVolumes(s *subject) {
	const service = `
services: {one: {image: IMAGE, command: [sleep, "1000"], volumes: ["keep:/keep"], stop_grace_period: 0s}}
volumes: {keep: `
	old, other := s.env.Instance()+"_keep", s.env.Instance()+"-other"
	s.compose(service + "{}}")
	s.deploy()
	s.exec("one", "touch", "/keep/data")
	s.compose(service + "{name: " + other + "}}")
	s.expectMove("volume "+old, other+", which is empty", "create volume keep", "replace service one")
	s.deploy()
	if s.exec("one", "test", "-e", "/keep/data") == 0 {
		s.Error("the other volume has the data of the first")
	}
	if r := s.plan(s.applied).Retained; len(r) != 1 || r[0].Name != old {
		s.Errorf("retained %+v", r)
	}
	s.expectDrift()
	s.compose(service + "{name: " + old + ", external: true}}")
	s.expectMove("volume "+other, old+", which is there already", "replace service one")
	s.deploy()
	if s.exec("one", "test", "-e", "/keep/data") != 0 {
		s.Error("what was in the first volume is gone")
	}
	s.must(s.try(s.Context(), deploy.ApplyOptions{Volumes: true}))
	if v := s.live().Model.Volumes; len(v) != 1 || s.exec("one", "test", "-e", "/keep/data") != 0 {
		s.Errorf("volumes %v", v)
	}
}

// expectMove checks that a plan has these changes, and that its last one moves a mount from one volume to another.
func (s *subject) expectMove(before, after string, want ...string) {
	s.Helper()
	s.expectPlan(want...)
	p := s.plan(s.release())
	c := p.Changes[len(p.Changes)-1]
	move := release.Difference{Path: "volumes./keep", Before: release.Text(before), After: release.Text(after)}
	if c.Strategy != release.StopFirst || !slices.Contains(c.Fields, move) {
		s.Errorf("planned %+v", c)
	}
}

const anonymous = `
services:
  one:
    image: IMAGE
    command: [sleep, "1000"]
    environment: {V: %s}
    volumes: [/kept]
    healthcheck: {test: [CMD, "true"], interval: 300ms}
    stop_grace_period: 0s
    deploy: {update_config: {order: %s}}
`

// testAnonymousVolumes replaces a service that could start first but for a volume without a name.
func testAnonymousVolumes(s *subject) {
	unordered := strings.Replace(anonymous, "    deploy: {update_config: {order: %s}}\n", "", 1)
	s.compose(fmt.Sprintf(unordered, "v1"))
	s.deploy()
	s.exec("one", "touch", "/kept/data")
	s.compose(fmt.Sprintf(unordered, "v2"))
	if p := s.plan(s.release()); len(p.Changes) != 1 || p.Changes[0].Strategy != release.StopFirst ||
		!strings.Contains(p.Changes[0].Detail, `it can write to the anonymous volume at "/kept"`) {
		s.Errorf("planned %+v", p.Changes)
	}
	s.deploy()
	if s.exec("one", "test", "-e", "/kept/data") != 0 {
		s.Error("what was in the anonymous volume is gone")
	}
	s.compose(fmt.Sprintf(anonymous, "v3", "start-first"))
	if p := s.plan(s.release()); len(p.Changes) != 1 || p.Changes[0].Strategy != release.StartFirst ||
		!strings.Contains(p.Changes[0].Detail, "new containers begin with an empty volume at /kept") {
		s.Errorf("planned %+v", p.Changes)
	}
}
