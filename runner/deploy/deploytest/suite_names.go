package deploytest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

const networked = `
services:
  web: {image: IMAGE, command: [sleep, "1000"], networks: [back], stop_grace_period: 0s}
  lone: {image: IMAGE, command: [sleep, "1000"], networks: [front], stop_grace_period: 0s}
networks: {back: {labels: {kind: %s}}, front: {}}
`

func testNetworks(s *subject) {
	s.compose(fmt.Sprintf(networked, "a"))
	s.deploy()
	web, lone := s.ids("web"), s.ids("lone")
	s.compose(fmt.Sprintf(networked, "b"))
	s.expectPlan("replace network back", "replace service web")
	s.deploy()
	if slices.Equal(web, s.ids("web")) || !slices.Equal(lone, s.ids("lone")) {
		s.Error("not what is on the network, and only that, was replaced")
	}
	if f := s.live().Model.Networks["back"]; f["labels.kind"] != "b" {
		s.Errorf("the network is %v", f)
	}
	s.compose(`services: {lone: {image: IMAGE, command: [sleep, "1000"], networks: [front], stop_grace_period: 0s}}
networks: {front: {}}`)
	s.expectPlan("delete network back", "delete service web")
	s.deploy()
	s.renamedNetwork()
}

const addressed = `
services:
  web: {image: IMAGE, command: [sleep, "1000"], networks: [%[1]s], stop_grace_period: 0s}
networks: {%[1]s: {name: %[3]s, ipam: {config: [{subnet: 10.213.%[2]d.0/24}]}}}
`

// renamedNetwork gives a network with addresses of its own another key, and once another name on the engine: first one that comes before it in the order of
// names, then one that comes after.
func (s *subject) renamedNetwork() {
	third := 1 + int(s.env.Project[len(s.env.Project)-1])%250
	fixed := s.env.Project + "-fixed"
	s.compose(fmt.Sprintf(addressed, "n", third, s.env.Project+"-other"))
	s.deploy()
	before := s.live().Guests
	s.compose(fmt.Sprintf(addressed, "m", third, fixed))
	s.expectPlan("create network m", "delete network n", "replace service web")
	s.deploy()
	s.compose(fmt.Sprintf(addressed, "o", third, fixed))
	s.expectPlan("delete network m", "create network o", "replace service web")
	s.deploy()
	guest := s.env.Project + "-guest"
	s.Harness.Run(Foreign{Name: guest, Networks: []string{fixed}})
	if now := s.live().Guests; len(before) > 0 || !slices.Equal(now, []release.Guest{{Network: "o", Name: guest}}) {
		s.Errorf("guests %v, and with one %v", before, now)
	}
	s.Remove(guest)
}

// testConflicts deploys nothing: the ports that it names belong to somebody else.
func testConflicts(s *subject) {
	const port = "28479"
	other := s.env.Project + "-other"
	s.compose(fmt.Sprintf(`
services:
  web: {image: IMAGE, command: [sleep, "1000"], container_name: %s, ports: ["127.0.0.1:%s:80"]}
`, other, port))
	r := s.release()
	if all, err := s.b.Conflicts(s.Context(), r.Model); err != nil || len(all) > 0 {
		s.Errorf("conflicts before there is anybody: %v, %v", all, err)
	}
	s.Harness.Run(Foreign{Name: other, Project: "somebody",
		Ports: map[string]string{"80/tcp": "127.0.0.1:" + port}})
	all, err := s.b.Conflicts(s.Context(), r.Model)
	s.must(err)
	if len(all) != 2 || all[0].Owner != `project "somebody"` || all[1].Owner != `project "somebody"` {
		s.Fatalf("conflicts %v", all)
	}
	ports := slices.DeleteFunc(all, func(c release.Conflict) bool { return !c.Port })
	if len(ports) != 1 || ports[0].Field != "ports.80/tcp" || ports[0].Wants != "127.0.0.1:"+port {
		s.Fatalf("conflicts %+v", ports)
	}
	reassigner, can := s.b.(deploy.PortReassigner)
	if !can {
		return
	}
	r, err = reassigner.ReassignPorts(s.Context(), r, ports)
	s.must(err)
	if got := r.Model.Services["web"].Fields["ports.80/tcp"]; got != "127.0.0.1:any" {
		s.Errorf("the port is %q", got)
	}
	if all, err := s.b.Conflicts(s.Context(), r.Model); err != nil || len(all) != 1 || all[0].Port {
		s.Errorf("conflicts when the port was given up: %v, %v", all, err)
	}
}

func testNames(s *subject) {
	s.compose(`
services: {web: {image: IMAGE, command: [sleep, "1000"], networks: [back], volumes: ["data:/data"]}}
networks: {back: {name: ` + s.env.Project + `-back}}
volumes: {data: {name: ` + s.env.Project + `-data}}
`)
	s.Network(s.env.Project+"-back", "somebody")
	s.Volume(s.env.Project+"-data", "")
	all, err := s.b.Conflicts(s.Context(), s.release().Model)
	s.must(err)
	if len(all) != 2 || all[0].Field != `network "back"` || all[0].Owner != `project "somebody"` ||
		all[1].Field != `volume "data"` || all[1].Owner != "something outside of any project" {
		s.Errorf("conflicts %+v", all)
	}
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
