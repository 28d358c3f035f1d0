package docker

import (
	"encoding/json"
	"net/netip"
	"testing"
	"time"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/api/types/container"

	"github.com/davit-dev/davit/internal/self"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

func TestEndpoints(t *testing.T) {
	port := func(ip string, private, public uint16) container.PortSummary {
		return container.PortSummary{IP: netip.MustParseAddr(ip), PrivatePort: private, PublicPort: public,
			Type: "tcp"}
	}
	bound := []container.PortSummary{
		port("172.17.0.1", 8080, 40001), port("127.0.0.1", 8080, 40002), port("127.0.0.1", 443, 40003),
		port("127.0.0.1", 80, 40004), {PrivatePort: 9, Type: "udp"},
	}
	for machine, want := range map[string][]deploy.Endpoint{
		"": {
			{Service: "web", Port: 8080, Protocol: "tcp", Host: "127.0.0.1:40002",
				Contained: "172.17.0.1:40001"},
			{Service: "web", Port: 80, Protocol: "tcp", Host: "127.0.0.1:40004"},
			{Service: "web", Port: 443, Protocol: "tcp", Host: "127.0.0.1:40003"},
		},
		"ci.example.com": {
			{Service: "web", Port: 8080, Protocol: "tcp", Host: "ci.example.com:40002",
				Contained: "ci.example.com:40002"},
			{Service: "web", Port: 80, Protocol: "tcp", Host: "ci.example.com:40004",
				Contained: "ci.example.com:40004"},
			{Service: "web", Port: 443, Protocol: "tcp", Host: "ci.example.com:40003",
				Contained: "ci.example.com:40003"},
		},
	} {
		one := &Backend{Options: Options{Environment: release.Environment{Machine: machine}}}
		if diff := cmp.Diff(want, one.endpoints("web", bound, []string{"8080/tcp", "1/tcp"})); diff != "" {
			t.Errorf("%q: %s", machine, diff)
		}
	}
}

// What another davit has on the engine goes only when it is certain that it runs no more, or its time is
// over.
func TestAbandoned(t *testing.T) {
	now, me := time.Now(), self.Get()
	far, dead := me, me
	far.Host, dead.Began = me.Host+"x", me.Began+"x"
	marked := func(project string, by self.Process, left time.Duration) map[string]string {
		text, err := json.Marshal(ephemeralOwner{by, now.Add(left)})
		if err != nil {
			t.Fatal(err)
		}
		return map[string]string{label.Ephemeral: string(text), api.ProjectLabel: project}
	}
	r := resourceSet{
		containers: map[string]map[string]string{
			"1": marked("mine", me, time.Hour), "2": marked("far", far, time.Hour),
			"3": marked("dead", dead, time.Hour), "4": marked("dead", dead, time.Hour),
			"5": {label.Ephemeral: "?", api.ProjectLabel: "unreadable"}, "6": marked("", dead, time.Hour),
		},
		networks: map[string]map[string]string{"7": marked("late", far, -time.Second)},
		volumes:  map[string]map[string]string{"8": marked("killed", dead, time.Hour)},
	}
	want := []string{"dead", "killed", "late"}
	if me.Began == "" { // a system that does not tell
		want = []string{"late"}
	}
	if diff := cmp.Diff(want, r.staleProjects(now)); diff != "" {
		t.Error(diff)
	}
}
