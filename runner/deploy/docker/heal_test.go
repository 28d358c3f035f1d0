package docker

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

const healed = `
services:
  web:
    image: busybox
    init: true
    command: [sleep, "1000"]
    restart: always
    healthcheck: {test: [CMD, test, "!", -e, /sick], interval: 1s, retries: 1}
    deploy: {replicas: 2}
    stop_grace_period: 0s
  db:
    image: busybox
    command: [sh, -c, "echo db is up; exec sleep 1000"]
    volumes: ["data:/data", /anonymous]
    depends_on: {job: {condition: service_completed_successfully}}
    stop_grace_period: 0s
  job: {image: busybox, command: ["true"]}
volumes: {data: {}}
`

// findings returns the diagnosis of the environment.
func (s *fixture) findings() release.Diagnosis {
	s.t.Helper()
	return release.Diagnose(s.applied, s.live(), nil)
}

// illOf waits until so much is wrong.
func (s *fixture) illOf(n int) {
	s.t.Helper()
	for tries := 0; len(s.findings().Findings) != n; tries++ {
		if tries > 200 {
			s.t.Fatalf("wanted %d ills: %+v", n, s.findings().Findings)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// heal heals what is wrong, but for some that is said.
func (s *fixture) heal(keep int) error {
	s.t.Helper()
	all, err := s.Releases(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	emit := func(e ui.Event) { s.t.Logf("%s: %s", e.Step, e.Text) }
	return s.Heal(context.Background(), s.findings(), all[0],
		deploy.HealOptions{ApplyOptions: deploy.ApplyOptions{Timeout: s.timeout, Emit: emit}, Keep: keep})
}

// must runs a command in a container.
func (s *fixture) must(id string, argv ...string) string {
	s.t.Helper()
	ctx := context.Background()
	e, err := s.engine.ExecCreate(ctx, id, client.ExecCreateOptions{Cmd: argv, AttachStdout: true, TTY: true})
	if err != nil {
		s.t.Fatal(err)
	}
	a, err := s.engine.ExecAttach(ctx, e.ID, client.ExecAttachOptions{TTY: true})
	if err != nil {
		s.t.Fatal(err)
	}
	defer a.Close()
	var out bytes.Buffer
	out.ReadFrom(a.Reader)
	return strings.TrimSpace(out.String())
}

func (s *fixture) idOf(name string) string {
	s.t.Helper()
	c, err := s.engine.ContainerInspect(context.Background(), s.Environment.Instance()+"-"+name,
		client.ContainerInspectOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	return c.Container.ID
}

func TestHeal(t *testing.T) {
	t.Parallel()
	s := newFixture(t, healed)
	s.deploy()
	ctx, c := context.Background(), s.engine
	if d := s.findings(); !d.Empty() {
		t.Fatalf("what was just deployed is ill: %+v", d.Findings)
	}
	job, first, second, db := s.idOf("job-1"), s.idOf("web-1"), s.idOf("web-2"), s.idOf("db-1")
	s.must(db, "touch", "/data/kept", "/anonymous/kept")
	if _, err := c.ContainerKill(ctx, db, client.ContainerKillOptions{}); err != nil {
		t.Fatal(err)
	}
	s.must(second, "touch", "/sick")
	s.illOf(2)
	if err := s.heal(3); err != nil {
		t.Fatal(err)
	}
	if d := s.findings(); !d.Empty() {
		t.Errorf("it is still ill: %+v", d.Findings)
	}
	s.synced()
	if s.idOf("web-1") != first || s.idOf("job-1") != job || len(s.ids("web")) != 2 ||
		slices.Contains(s.ids("web"), second) {
		t.Error("another container than the sick one was replaced")
	}
	if out := s.must(s.idOf("db-1"), "ls", "/data", "/anonymous"); strings.Count(out, "kept") != 2 {
		t.Errorf("what was in the volumes is gone: %q", out)
	}
	s.setAsideWell(second)
	s.setAsideWell(db)
	s.deploy() // which leaves them where they are, and does not count them
	if n := len(s.live().Quarantined); n != 2 {
		t.Errorf("%d are set aside", n)
	}
	s.bounded()
	s.awaited(s.idOf("web-1"))
}

// setAsideWell looks at a container that is set aside: stopped for good, out of the network, and to be looked
// at.
func (s *fixture) setAsideWell(id string) {
	s.t.Helper()
	i, err := s.engine.ContainerInspect(context.Background(), id, client.ContainerInspectOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	c := i.Container
	service := c.Config.Labels[api.ServiceLabel]
	if !strings.HasPrefix(c.Name, "/"+s.Environment.Instance()+"-set-aside-"+service+"-") {
		s.t.Errorf("its name is %q", c.Name)
	}
	if c.State.Running || len(c.NetworkSettings.Networks) > 0 ||
		c.HostConfig.RestartPolicy.Name != container.RestartPolicyDisabled {
		s.t.Errorf("%s: %+v %+v %+v", c.Name, c.State, c.NetworkSettings.Networks, c.HostConfig.RestartPolicy)
	}
	if !slices.ContainsFunc(s.live().Quarantined,
		func(a release.Quarantined) bool { return "/"+a.Name == c.Name && a.Service == service }) {
		s.t.Errorf("%q is not among %+v", c.Name, s.live().Quarantined)
	}
}

// awaited checks that a heal waits for a container that has just been started, of a service without a finding.
func (s *fixture) awaited(id string) {
	s.t.Helper()
	// with time to end: an engine that kills it at once may take away the file system of the one that it starts then
	patience := 5
	if _, err := s.engine.ContainerRestart(context.Background(), id, client.ContainerRestartOptions{Timeout: &patience}); err != nil {
		s.t.Fatal(err)
	}
	all, err := s.Releases(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	d := release.Diagnosis{Starting: []string{"web"}, Replicas: map[string]int{"web": 2}}
	if err := s.Heal(context.Background(), d, all[0], deploy.HealOptions{Keep: 3}); err != nil {
		s.t.Fatal(err)
	}
	for _, c := range s.live().Containers["web"] {
		if c.Health != release.HealthHealthy {
			s.t.Errorf("after a heal %s is %s", c.Name, c.Health)
		}
	}
	if s.idOf("web-1") != id {
		s.t.Error("it was replaced")
	}
}

// bounded checks that only the newest containers stay in quarantine.
func (s *fixture) bounded() {
	s.t.Helper()
	before := s.live().Quarantined
	if _, err := s.engine.ContainerKill(context.Background(), s.idOf("db-1"),
		client.ContainerKillOptions{}); err != nil {
		s.t.Fatal(err)
	}
	if err := s.heal(1); err != nil {
		s.t.Fatal(err)
	}
	services := map[string]int{}
	for _, a := range s.live().Quarantined {
		services[a.Service]++
		if a.Service == "db" && slices.Contains(before, a) {
			s.t.Errorf("the older one stayed, %q", a.Name)
		}
	}
	if services["db"] != 1 || services["web"] != 1 {
		s.t.Errorf("%+v", s.live().Quarantined)
	}
}

// TestHealDoesNotHelp: what is there stays where it can, when a fresh one is no better.
func TestHealDoesNotHelp(t *testing.T) {
	t.Parallel()
	s := newFixture(t, healed)
	s.deploy()
	before := s.idOf("web-1")
	s.must(before, "touch", "/sick")
	s.illOf(1)
	all, err := s.Releases(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	r := all[0]
	r.Compose = bytes.ReplaceAll(r.Compose, []byte(`"/sick"`), []byte(`"/bin"`))
	err = s.Heal(context.Background(), s.findings(), r,
		deploy.HealOptions{ApplyOptions: deploy.ApplyOptions{Timeout: s.timeout}, Keep: 3})
	if err == nil || !strings.Contains(err.Error(), `service "web"`) ||
		!strings.Contains(err.Error(), "unhealthy") {
		t.Errorf("error %v", err)
	}
	if s.idOf("web-1") != before || len(s.live().Quarantined) > 0 {
		t.Error("it was replaced by what does not work")
	}
}

// TestANetworkThatIsGone: a container that shares the network of one which the engine has started again has none any more:
// it is drift, and heal replaces it.
func TestANetworkThatIsGone(t *testing.T) {
	t.Parallel()
	s, ctx := newFixture(t, `services:
  vpn: {image: busybox, init: true, command: [sleep, "1000"], stop_grace_period: 0s}
  app: {image: busybox, init: true, command: [sleep, "1000"], stop_grace_period: 0s, network_mode: "service:vpn", depends_on: [vpn]}
`), context.Background()
	s.deploy()
	if got := s.drift(); len(got) > 0 {
		t.Fatalf("drift %q after the deploy", got)
	}
	if _, err := s.engine.ContainerRestart(ctx, s.idOf("vpn-1"), client.ContainerRestartOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(s.drift(), " "); !strings.Contains(got, "app") || !strings.Contains(got, "network_mode") {
		t.Errorf("drift %q", got)
	}
	if err := s.heal(3); err != nil {
		t.Fatal(err)
	}
	if got := s.drift(); len(got) > 0 {
		t.Errorf("drift %q after the heal", got)
	}
}

// TestStrangersStay: a container of another on the network of the environment is named, and left alone.
func TestStrangersStay(t *testing.T) {
	t.Parallel()
	s, ctx := newFixture(t,
		"services: {web: {image: busybox, command: [sleep, \"1000\"], stop_grace_period: 0s}}"), context.Background()
	s.deploy()
	r, err := s.engine.ContainerCreate(ctx, client.ContainerCreateOptions{Name: s.Environment.Project +
		"-stranger", Config: &container.Config{Image: "busybox", Cmd: []string{"sleep", "1000"}},
		HostConfig: &container.HostConfig{NetworkMode: container.NetworkMode(s.Environment.Instance() +
			"_default")}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.remove(ctx, r.ID)
	if _, err := s.engine.ContainerStart(ctx, r.ID, client.ContainerStartOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := s.drift(); !slices.Equal(got, []string{"unmanaged." + s.Environment.Project + "-stranger"}) ||
		!s.findings().Empty() {
		t.Fatalf("drift %q, findings %+v", got, s.findings())
	}
	if err := s.heal(3); err != nil {
		t.Fatal(err)
	}
	i, err := s.engine.ContainerInspect(ctx, r.ID, client.ContainerInspectOptions{})
	if err != nil || !i.Container.State.Running || len(i.Container.NetworkSettings.Networks) != 1 {
		t.Errorf("%+v, %v", i.Container, err)
	}
}
