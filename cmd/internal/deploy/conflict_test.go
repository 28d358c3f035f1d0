package deploy_test

import (
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/deploytest"
)

const ported = `services: {web: {image: busybox, command: [sleep, "1000"], ports: ["127.0.0.1:8080:80"]}}`

// TestTakenPorts: the lowest environment, which is for trying things out, gets another port; the others are
// refused.
func TestTakenPorts(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\n[environments.staging]\n", ported)
	f.must(f.engine("").Run(deploytest.Foreign{Name: "blog", Ports: map[string]string{"80/tcp": "8080"}}))
	f.deployed("dev")
	if p := f.proposals[0]; len(p.Notes) != 1 ||
		p.Notes[0] != `web: port 127.0.0.1:8080 is taken by container "blog", so any free port is used` {
		t.Errorf("notes %q", p.Notes)
	}
	if got := f.live("dev").Containers["web"][0].Ports["80/tcp"]; got != "127.0.0.1:32768" {
		t.Errorf("published at %s", got)
	}
	if out, err := f.deploy("dev"); err != nil || out.Changed {
		t.Errorf("deployed again: %+v, %v", out, err)
	}
	_, err := f.deploy("staging")
	f.expectError(err, fault.Refused,
		`staging cannot be deployed: service "web" needs port 127.0.0.1:8080, which container "blog" uses`,
		`"${WEB_PORT:-8080}:…" in ports of "web", unless there is one, and variables = { WEB_PORT = "OTHER" } in [environments.staging]`)
	f.engine("").Remove("blog")
	f.deployed("staging")
	if out, err := f.deploy("dev"); err != nil || out.Changed { // staging has the port now
		t.Errorf("deployed again: %+v, %v", out, err)
	}
}

func TestTakenPortsAreRefusedByABasicBackend(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", ported)
	f.wrap = func(m *deploytest.Memory) backend.Backend { return deploytest.Basic(m) }
	f.engine("").Occupy("0.0.0.0:8080/tcp")
	_, err := f.deploy("dev")
	f.expectError(err, fault.Refused, "which a program on this machine uses")
}

func TestTakenNames(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", `services: {web: {image: busybox, container_name: web, volumes: ["data:/data"]}}
networks: {default: {name: shared}}
volumes: {data: {}}`)
	f.must(f.engine("").Run(deploytest.Foreign{Name: "web", Project: "blog"}))
	f.engine("").AddNetwork("shared", "blog")
	f.engine("").AddVolume("shop-dev_data", "")
	_, err := f.deploy("dev")
	f.expectError(err, fault.Refused,
		`service "web" needs the container name "web", which project "blog" uses`,
		`network "default" needs the name "shared", which project "blog" uses`,
		`volume "data" needs the name "shop-dev_data", which something outside of any project uses`)
}

// TestExternalResources: what is another's is used, and never removed.
func TestExternalResources(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "[environments.dev]\n[environments.staging]\n",
		`services: {web: {image: busybox, networks: [shared], volumes: ["common:/common"]}}
networks: {shared: {external: true}}
volumes: {common: {external: true}}`)
	_, err := f.deploy("dev")
	f.expectError(err, fault.Failed, "is external and cannot be found")
	f.engine("").AddNetwork("shared", "")
	f.engine("").AddVolume("common", "")
	f.deployed("dev")
	if !f.said(`volume "common" is the external "common": staging is on the same engine, and may share it with dev`) {
		t.Errorf("events %+v", f.events)
	}
	s, err := f.Status(t.Context(), "dev")
	if f.must(err); !s.InSync || !s.Healthy {
		t.Errorf("status %+v", s)
	}
	r := f.request("dev")
	r.Volumes = true
	f.must(f.Destroy(t.Context(), r, agree, f.emit))
	if v := f.engine("").Volumes(); len(v) != 1 {
		t.Errorf("volumes %q", v)
	}
}
