package docker

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// served is a service that needs half a second to be ready, and a neighbour that asks it every 20 ms. Each request
// asks DNS anew and takes the first address alone: a client that tries the others too would hide an address
// that is dead. It waits long, so that only what is lost fails, and says in what way it was.
const served = `
services:
  web:
    image: busybox
    init: true
    command: [sh, -c, "sleep 0.5; mkdir /www; echo %s > /www/index.html; exec httpd -f -p 8080 -h /www"]
    environment: {VERSION: "%s"}
    healthcheck: {test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:8080/"], interval: 1s, retries: %d}
    deploy: {replicas: 2}
    stop_grace_period: 1s
  probe:
    image: python:3
    command: [python3, -uc, "%s"]
    depends_on: {web: {condition: service_healthy}}
    stop_signal: SIGKILL
`

const probe = `
import signal, socket, threading, time
asking = True
def stop(*_):
    global asking
    asking = False
signal.signal(signal.SIGUSR1, stop)
def ask():
    at = "DNS"
    try:
        at = socket.gethostbyname("web")
        with socket.create_connection((at, 8080), 20) as s:
            s.sendall(b"GET / HTTP/1.0\r\n\r\n")
            said = b"".join(iter(lambda: s.recv(4096), b"")).decode().split()
        print(said[-1] if said[1:2] == ["200"] else f"bad {at} {said}")
    except OSError as e:
        print(f"bad {at} {e!r}")
while asking:
    threading.Thread(target=ask).start()
    time.sleep(0.02)
`

func serving(version string, retries int) string {
	script, _ := json.Marshal(probe) // a text always marshals
	return fmt.Sprintf(served, version, version, retries, strings.Trim(string(script), `"`))
}

// Without start-first, every eighth request fails.
func TestStartFirstFailsNoRequest(t *testing.T) {
	s := newFixture(t, serving("v1", 100))
	s.clientTime, s.large = usualClientTime, true
	s.deploy()
	before, probe := s.ids("web"), s.ids("probe")
	s.write(serving("v2", 100))
	if p, _ := s.proposal(); len(p.Changes) != 1 || p.Changes[0].Kind != release.Replace ||
		p.Changes[0].Strategy != release.StartFirst {
		t.Errorf("plan %+v", p.Changes)
	}
	s.deploy()
	if slices.ContainsFunc(s.ids("web"), func(id string) bool { return slices.Contains(before, id) }) ||
		!slices.Equal(probe, s.ids("probe")) {
		t.Error("not the containers of web, and only these, were replaced")
	}
	s.synced()
	said := s.asked()
	count := func(what string) int { return strings.Count(said, "| "+what) }
	t.Logf("old %d, new %d, failed %d", count("v1"), count("v2"), count("bad"))
	if count("bad") > 0 || count("v1") < 20 || count("v2") < 20 {
		t.Errorf("old %d, new %d, failed %d:", count("v1"), count("v2"), count("bad"))
		for line := range strings.Lines(said) {
			if strings.Contains(line, "| bad") {
				t.Error(line)
			}
		}
	}
}

// asked ends the probe, which waits for the answers to what it has asked, and returns all that it said.
func (s *fixture) asked() string {
	s.t.Helper()
	ctx, id := context.Background(), s.ids("probe")[0]
	if _, err := s.engine.ContainerKill(ctx, id, client.ContainerKillOptions{Signal: "SIGUSR1"}); err != nil {
		s.t.Fatal(err)
	}
	ended := s.engine.ContainerWait(ctx, id,
		client.ContainerWaitOptions{Condition: container.WaitConditionNotRunning})
	select {
	case <-ended.Result:
	case err := <-ended.Error:
		s.t.Fatal(err)
	}
	var out bytes.Buffer
	if err := s.Logs(ctx, deploy.LogOptions{Services: []string{"probe"}}, &out); err != nil {
		s.t.Fatal(err)
	}
	return out.String()
}

func TestWhatDoesNotBecomeHealthyLeavesTheOld(t *testing.T) {
	t.Parallel()
	s := newFixture(t, serving("v1", 100))
	s.large = true
	s.deploy()
	before := s.ids()
	s.write(strings.Replace(serving("v2", 2), "sleep 0.5; mkdir", "echo no such luck; sleep 100; mkdir", 1))
	err := s.try()
	if err == nil || !strings.Contains(err.Error(), "no such luck") ||
		!strings.Contains(err.Error(), "is unhealthy") {
		t.Errorf("error %v", err)
	}
	if !slices.Equal(before, s.ids()) {
		t.Error("the old containers are not those that were there")
	}
	if all, _ := s.Releases(context.Background()); len(all) != 2 || all[0].Result != release.Failed ||
		all[1].Result != release.Healthy {
		t.Errorf("releases %+v", all)
	}
	s.write(serving("v1", 100))
	s.synced()
}

const plain = `
services:
  web:
    image: busybox
    command: [sleep, "1000"]
    environment: {LEVEL: info}
    deploy: {replicas: 2}
    stop_grace_period: 0s
  one: {image: busybox, command: [sleep, "1000"], stop_grace_period: 0s, volumes: ["keep:/keep"]}
volumes: {keep: {}}
`

func TestDriftHasAName(t *testing.T) {
	t.Parallel()
	s := newFixture(t, plain)
	s.deploy()
	s.synced()
	ctx, c := context.Background(), s.engine
	web, one := s.Environment.Instance()+"-web-", s.Environment.Instance()+"-one-1"
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	expect := func(want ...string) {
		t.Helper()
		if got := s.drift(); !slices.Equal(got, want) {
			t.Errorf("drift %q, wanted %q", got, want)
		}
		s.deploy()
		s.synced()
	}
	_, err := c.ContainerKill(ctx, one, client.ContainerKillOptions{})
	must(err)
	expect("one.replicas")

	second, err := c.ContainerInspect(ctx, web+"2", client.ContainerInspectOptions{})
	must(err)
	always := container.RestartPolicy{Name: container.RestartPolicyAlways}
	_, err = c.ContainerUpdate(ctx, web+"2", client.ContainerUpdateOptions{RestartPolicy: &always})
	must(err)
	expect("web.docker.restart")

	must(s.remove(ctx, web+"1"))
	expect("web.replicas")

	stranger, err := c.ContainerCreate(ctx, client.ContainerCreateOptions{Name: s.Environment.Project +
		"-stranger", Config: &container.Config{Image: "busybox", Cmd: []string{"sleep", "1000"}},
		HostConfig: &container.HostConfig{NetworkMode: container.NetworkMode(s.Environment.Instance() +
			"_default")}})
	must(err)
	defer s.remove(ctx, stranger.ID)
	if got := s.drift(); !slices.Equal(got, []string{"unmanaged." + s.Environment.Project + "-stranger"}) {
		t.Errorf("drift %q", got)
	}
	must(s.remove(ctx, stranger.ID))

	run := second.Container.Config
	run.Labels["com.docker.compose.oneoff"] = "True"
	oneoff, err := c.ContainerCreate(ctx, client.ContainerCreateOptions{Name: s.Environment.Project + "-run",
		Config: run})
	must(err)
	if got := s.drift(); !slices.Equal(got, []string{"unmanaged." + s.Environment.Project + "-run"}) {
		t.Errorf("drift %q", got)
	}
	must(s.remove(ctx, oneoff.ID))

	e, err := c.ExecCreate(ctx, one, client.ExecCreateOptions{Cmd: []string{"touch", "/etc/x"}})
	must(err)
	_, err = c.ExecStart(ctx, e.ID, client.ExecStartOptions{Detach: true})
	must(err)
	time.Sleep(300 * time.Millisecond)
	if got := s.drift(); !slices.Equal(got, []string{"one.files./etc/x"}) {
		t.Errorf("drift %q", got)
	}
}

func TestReleasesAreListedAndForgotten(t *testing.T) {
	t.Parallel()
	s, ctx := newFixture(t, plain), context.Background()
	_, r := s.proposal()
	for n, result := range []release.Result{release.Healthy, release.Failed, release.Failed,
		release.Pending} {
		r.Number, r.Result = n+1, release.Pending
		s.record(r)
		r.Result = result
		s.record(r)
	}
	if got := s.numbers(); got != "4 pending, 3 failed, 2 failed, 1 healthy" {
		t.Errorf("releases %s", got)
	}
	all, _ := s.Releases(ctx)
	if last := all[3]; last.Model.Sum() != r.Model.Sum() || !bytes.Equal(last.Compose, r.Compose) ||
		strings.Contains(string(last.Compose), "open sesame") {
		t.Errorf("release %+v", last)
	}
	if err := s.PruneReleases(ctx, 2); err != nil {
		t.Fatal(err)
	}
	if got := s.numbers(); got != "4 pending, 3 failed, 1 healthy" {
		t.Errorf("releases %s", got)
	}
	kept := slices.ContainsFunc(slices.Collect(maps.Keys(r.Images)), func(service string) bool { // for one of those that have it
		i, err := s.Image(ctx, s.records.ImageName(service, r.Images["web"]))
		return err == nil && i != nil && i.Ref() == r.Images["web"].Ref()
	})
	if !kept {
		t.Error("the image of a release is not kept")
	}
}

func (s *fixture) numbers() string {
	s.t.Helper()
	all, err := s.Releases(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	var text []string
	for _, r := range all {
		text = append(text, fmt.Sprint(r.Number, " ", r.Result))
	}
	return strings.Join(text, ", ")
}
