package compose

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// whole is a project of which tests use a part.
const whole = `-- compose.yaml --
services:
  web:
    image: web
    ports: ["8080:80"]
    depends_on:
      db: {condition: service_healthy}
      migrate: {condition: service_completed_successfully}
  migrate:
    image: web
    container_name: one
    depends_on: [db]
  db:
    image: db
    restart: always
    ports: ["127.0.0.1:5432:5432", "15432:5432", "8081-8082:8081-8082"]
    networks:
      back: {ipv4_address: 10.9.8.7}
    volumes: ["data:/data", "./init:/init"]
    deploy: {replicas: 3}
  queue:
    image: queue
    profiles: [all]
    expose: ["6379"]
networks:
  back:
    name: back
    internal: true
    ipam: {config: [{subnet: 10.9.8.0/24}]}
volumes:
  data: {name: data}
-- init/x --
`

func trial(t *testing.T, archive string, services ...string) (*Model, error) {
	t.Helper()
	e := project(t, archive)
	e.Ephemeral = &release.Ephemeral{Name: "test-1", Services: services}
	return loadFor(t, e, nil, nil)
}

func TestTrialIsInNobodysWay(t *testing.T) {
	m, err := trial(t, whole, "db", "queue", "migrate")
	if err != nil {
		t.Fatal(err)
	}
	if m, err = m.Publish(map[string][]string{"db": {"1/tcp"}, "migrate": {"9/udp"}},
		[]string{"127.0.0.1", "172.17.0.1"}); err != nil {
		t.Fatal(err)
	}
	c := m.Canonical()
	want := map[string]release.Fields{
		"db": {"image": "db", "networks.back": "", "ports.5432/tcp": "127.0.0.1:any,172.17.0.1:any",
			"ports.8081/tcp": "127.0.0.1:any,172.17.0.1:any",
			"ports.8082/tcp": "127.0.0.1:any,172.17.0.1:any", "volumes./data": "volume data",
			"volumes./init": "bind ./init,ro"},
		"migrate": {"image": "web", "networks.default": "", "ports.9/udp": "127.0.0.1:any,172.17.0.1:any"},
		"queue": {"image": "queue", "networks.default": "",
			"ports.6379/tcp": "127.0.0.1:any,172.17.0.1:any"},
	}
	for name, s := range c.Services {
		for path := range s.Fields {
			if strings.HasPrefix(path, "compose.") {
				delete(s.Fields, path)
			}
		}
		if diff := cmp.Diff(want[name], s.Fields); diff != "" || s.Replicas != 1 ||
			s.Job != (name == "migrate") {
			t.Errorf("%s: %d, job %v, %s", name, s.Replicas, s.Job, diff)
		}
	}
	if diff := cmp.Diff([]string{"db", "migrate", "queue"}, m.Services()); diff != "" {
		t.Error(diff)
	}
	if m.real.Name != "shop-test-1" || m.real.Networks["back"].Name != "shop-test-1_back" ||
		m.real.Volumes["data"].Name != "shop-test-1_data" || m.real.Networks["back"].Internal {
		t.Errorf("%s: %+v, %+v", m.real.Name, m.real.Networks, m.real.Volumes)
	}
	if s := m.real.Services["db"]; m.real.Services["migrate"].ContainerName != "" ||
		s.Networks["back"].Ipv4Address != "" {
		t.Errorf("%+v", s)
	}
}

// What a service that is used needs is there, and is reached by it alone.
func TestTrialHasWhatIsNeeded(t *testing.T) {
	m, err := trial(t, whole, "web")
	if err != nil {
		t.Fatal(err)
	}
	if m, err = m.Publish(map[string][]string{"db": {"1/tcp"}}, []string{"127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	for service, want := range map[string][]string{"web": {"80/tcp"}, "migrate": nil, "db": nil} {
		if diff := cmp.Diff(want, m.ReachablePorts(service)); diff != "" {
			t.Errorf("%s: %s", service, diff)
		}
	}
	if diff := cmp.Diff([]string{"db", "migrate", "web"}, m.Services()); diff != "" {
		t.Error(diff)
	}
}

func TestWhatTestsCannotHave(t *testing.T) {
	for text, want := range map[string]string{
		"{a: {image: x}}":                                                                      `compose.yaml: there is no service "db", which a test uses`,
		"{db: {image: x, network_mode: host}}":                                                 `compose.yaml:1: services.db.network_mode: tests would share it: its ports are those of the machine`,
		"{db: {image: x, pid: 'container:y'}}":                                                 `services.db.pid: tests would share it: the container is not part of the project`,
		"{db: {image: x, external_links: [y]}}":                                                `services.db.external_links: `,
		"{db: {image: x, networks: [n]}}\nnetworks: {n: {external: true}}":                     `compose.yaml:2: networks.n: tests would share it: "n" is external`,
		"{db: {image: x, volumes: ['vol:/v']}}\nvolumes: {vol: {external: true}}":              `compose.yaml:2: volumes.vol: tests would share it: "vol" is external`,
		"{db: {image: x, volumes: ['vol:/v']}}\nvolumes: {vol: {driver_opts: {device: /srv}}}": `it is at "/srv"`,
	} {
		if _, err := trial(t, "-- compose.yaml --\nservices: "+text+"\n", "db"); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	// What no test uses may be shared.
	if _, err := trial(t,
		"-- compose.yaml --\nservices: {db: {image: x}, web: {image: x, network_mode: host, depends_on: [db]}}\n",
		"db"); err != nil {
		t.Error(err)
	}
}
