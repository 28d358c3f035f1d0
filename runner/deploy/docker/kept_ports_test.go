package docker

import (
	"net/netip"
	"testing"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// TestKeptPorts: a new container gets the port that the engine has chosen for the old one if it asks for the same, and
// still counts as one that asks for that.
func TestKeptPorts(t *testing.T) {
	at, loopback := network.MustParsePort("80/tcp"), netip.MustParseAddr("127.0.0.1")
	for _, c := range []struct {
		name, before, label, actual string // of the old container
		failed                      bool
		asks, want                  string
	}{
		{"any", "", "", "32768", false, "", "32768"},
		{"zero", "0", "", "32768", false, "", "32768"},
		{"a range", "8000-8010", "", "8003", false, "8000-8010", "8003"},
		{"another range", "8000-8010", "", "8003", false, "9000-9010", "9000-9010"},
		{"a fixed port", "8080", "", "8080", false, "", ""},
		{"any, now fixed", "", "", "32768", false, "8080", "8080"},
		{"kept before", "32768", "any", "32768", false, "", "32768"},
		{"kept before, stopped", "32768", "any", "", false, "", "32768"},
		{"kept before, and taken by another", "32768", "any", "", true, "", ""},
		{"stopped", "", "", "", false, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			old := observedContainer{InspectResponse: container.InspectResponse{
				Config:     &container.Config{Labels: map[string]string{label.Port + "80/tcp": c.label}},
				HostConfig: &container.HostConfig{PortBindings: network.PortMap{at: {{HostIP: loopback, HostPort: c.before}}}},
				State:      &container.State{Status: container.StateExited}, NetworkSettings: &container.NetworkSettings{},
			}}
			if c.actual != "" {
				old.State.Status = container.StateRunning
				old.NetworkSettings.Ports = network.PortMap{at: {{HostIP: loopback, HostPort: c.actual}}}
			}
			if c.failed {
				old.State.Error = "port is already allocated"
			}
			o := client.ContainerCreateOptions{Config: &container.Config{Labels: map[string]string{}},
				HostConfig: &container.HostConfig{PortBindings: network.PortMap{at: {{HostIP: loopback, HostPort: c.asks}}}}}
			keepPorts(&o, old.keptPorts())
			if got := o.HostConfig.PortBindings[at][0].HostPort; got != c.want {
				t.Errorf("port %q", got)
			}
			fields := release.Fields{}
			setPorts(fields, observedContainer{InspectResponse: container.InspectResponse{Config: o.Config, HostConfig: o.HostConfig}})
			if got := fields["ports.80/tcp"]; got != release.PublishedAt("127.0.0.1", c.asks) {
				t.Errorf("counts as %q", got)
			}
		})
	}
}
