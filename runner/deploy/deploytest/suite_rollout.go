package deploytest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

const several = `
services:
  web:
    image: IMAGE
    command: [sleep, "1000"]
    environment: {VERSION: "%s"}
    %s
    stop_grace_period: 0s
`

func testRollout(s *subject) {
	check := `healthcheck: {test: [CMD, "true"], interval: 1s}
    deploy: {replicas: 3}`
	s.compose(fmt.Sprintf(several, "v1", check))
	s.deploy()
	before := s.ids()
	s.compose(fmt.Sprintf(several, "v2", check))
	s.expectReplace(release.StartFirst, false)
	s.deploy()
	if after := s.ids(); len(after) != 3 || slices.ContainsFunc(after, func(id string) bool { return slices.Contains(before, id) }) {
		s.Errorf("the containers were %q and are %q", before, after)
	}
	for _, e := range s.events {
		if strings.HasPrefix(e.Text, "starting 2") || strings.HasPrefix(e.Text, "starting 3") {
			s.Errorf("several at once: %s", e.Text)
		}
	}
	s.compose(fmt.Sprintf(several, "v3", "deploy: {replicas: 3, update_config: {parallelism: 2}}"))
	s.expectReplace(release.Rolling, true)
	s.deploy()
	if n := len(s.ids()); n != 3 {
		s.Errorf("%d containers", n)
	}
}

// expectReplace checks how the next deploy replaces web.
func (s *subject) expectReplace(how release.Strategy, interrupts bool) {
	s.Helper()
	if c := s.plan(s.release()).Changes; len(c) != 1 || c[0].Strategy != how || c[0].Interrupts() != interrupts {
		s.Errorf("planned %+v, wanted %s", c, how)
	}
}

const externalEdge = `
services:
  proxy:
    image: IMAGE
    command: [sleep, "1000"]
    ports: ["80"]
    networks: [edge]
    depends_on: [web]
    stop_grace_period: 0s
  web:
    image: IMAGE
    command: [sleep, "1000"]
    environment: {VERSION: "%s"}
    healthcheck: {test: [CMD, "true"], interval: 1s}
    networks: [edge]
    stop_grace_period: 0s
networks: {edge: {external: true, name: %s}}
`

// testClients: on a network of somebody else nobody can keep an address.
func testClients(s *subject) {
	edge := s.env.Instance() + "-edge"
	s.Network(edge, "")
	s.compose(fmt.Sprintf(externalEdge, "v1", edge))
	s.deploy()
	proxy, began := s.ids("proxy"), s.live().Containers["proxy"][0].Started
	s.compose(fmt.Sprintf(externalEdge, "v2", edge))
	s.expectPlan("replace service web", "restart service proxy")
	s.deploy()
	if !slices.Equal(proxy, s.ids("proxy")) || !s.live().Containers["proxy"][0].Started.After(began) {
		s.Error("the proxy was replaced, or not restarted")
	}
}

// testPause: a new container that does not become healthy stays beside the old one, and the next deploy goes on.
func testPause(s *subject) {
	const order = "start-first, failure_action: pause"
	s.compose(fmt.Sprintf(checked, "v1", "true", order))
	s.deploy()
	old := s.ids("web")
	s.compose(fmt.Sprintf(checked, "v2", "false", order))
	s.expectError(s.try(s.Context(), deploy.ApplyOptions{}), "is unhealthy", "this is v2")
	if all := s.ids("web"); len(all) != 2 || !slices.Contains(all, old[0]) {
		s.Errorf("containers %q, and %q before", all, old)
	}
	s.compose(fmt.Sprintf(checked, "v3", "true", order))
	s.deploy()
	s.expectDrift()
}

// testStartFirst: a new container is healthy before the old one stops. It gets the port that the engine has chosen for
// that, as with stop-first, and the plan says so.
func testStartFirst(s *subject) {
	ported := checked + "    ports: [\"127.0.0.1:0:80\"]\n"
	s.compose(fmt.Sprintf(ported, "v1", "true", "start-first"))
	s.deploy()
	before, port := s.ids(), s.port()
	s.compose(fmt.Sprintf(ported, "v2", "false", "start-first"))
	if p := s.plan(s.release()); len(p.Changes) != 1 || p.Changes[0].Strategy != release.StartFirst ||
		!strings.Contains(p.Changes[0].Detail, "has chosen for 80/tcp, which stays") || !p.Changes[0].Interrupts() {
		s.Errorf("planned %+v", p.Changes)
	}
	s.expectError(s.try(s.Context(), deploy.ApplyOptions{}), "is unhealthy")
	after := s.live().Containers["web"]
	if len(after) != 1 || after[0].ID != before[0] || after[0].State != release.StateRunning {
		s.Errorf("the old container does not run alone: %+v", after)
	}
	s.compose(fmt.Sprintf(ported, "v2", "true", "start-first"))
	s.deploy()
	if after := s.ids(); len(after) != 1 || after[0] == before[0] {
		s.Errorf("the container was %q, and is %q", before, after)
	}
	if now := s.port(); now != port {
		s.Errorf("the port was %s, and is %s", port, now)
	}
	s.compose(fmt.Sprintf(ported, "v3", "true", "stop-first"))
	s.deploy()
	if now := s.port(); now != port {
		s.Errorf("the port was %s, and with stop-first is %s", port, now)
	}
}

// port returns the port of the machine that the only container of web has.
func (s *subject) port() string {
	s.Helper()
	all := s.live().Containers["web"]
	if len(all) != 1 || all[0].Ports["80/tcp"] == "" {
		s.Fatalf("containers %+v", all)
	}
	return all[0].Ports["80/tcp"]
}
