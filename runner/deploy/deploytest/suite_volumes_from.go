package deploytest

import (
	"slices"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

const sharing = `
services:
  owner:
    image: IMAGE
    command: [sleep, "1000"]
    volumes: [/kept]
    stop_grace_period: 0s
  user:
    image: IMAGE
    command: [sleep, "1000"]
    volumes_from: [owner]
    stop_grace_period: 0s
  reader:
    image: IMAGE
    command: [sleep, "1000"]
    volumes_from: ["owner:ro"]
    stop_grace_period: 0s
`

// testVolumesFrom: a service that has the volumes of another has those of its container of today, also when that was
// removed, and cannot write to them if they are read-only. Then it has drifted, and both a deploy and a heal replace it.
func testVolumesFrom(s *subject) {
	s.compose(sharing)
	s.deploy()
	s.exec("owner", "touch", "/kept/first")
	if s.exec("user", "test", "-e", "/kept/first") != 0 {
		s.Fatal("they share nothing")
	}
	for service, own := range map[string]int{"owner": 1, "user": 0, "reader": 0} {
		if at := s.live().Model.Services[service].AnonymousVolumes(); len(at) != own {
			s.Errorf("service %s has volumes of its own at %q", service, at)
		}
	}
	s.loseOwner()
	s.deploy()
	s.expectOneVolume("a deploy")
	healer, can := s.b.(deploy.Healer)
	if !can {
		return
	}
	s.loseOwner()
	o := deploy.HealOptions{ApplyOptions: deploy.ApplyOptions{Timeout: patience}}
	s.must(healer.Heal(s.Context(), release.Diagnose(s.applied.Model, s.live(), nil), s.applied, o))
	s.expectOneVolume("a heal")
}

// loseOwner removes the container that others have the volumes of.
func (s *subject) loseOwner() {
	s.Helper()
	s.Remove(s.name("owner-1"))
	s.expectDrift("owner.replicas", "reader.volumes./kept", "user.volumes./kept")
	if !slices.Contains(changes(s.plan(s.release())), "replace service user") {
		s.Errorf("planned %q", changes(s.plan(s.release())))
	}
}

// expectOneVolume checks that both services have one volume, and are in sync.
func (s *subject) expectOneVolume(after string) {
	s.Helper()
	s.exec("owner", "touch", "/kept/now")
	if s.exec("user", "test", "-e", "/kept/now") != 0 {
		s.Errorf("after %s they share nothing", after)
	}
	if s.exec("reader", "test", "-e", "/kept/now") != 0 || s.exec("reader", "touch", "/kept/other") == 0 {
		s.Errorf("after %s the volumes of the reader are not there, or it can write to them", after)
	}
	if d := s.drift(); len(d) > 0 {
		s.Errorf("after %s there is drift of %q", after, d)
	}
}
