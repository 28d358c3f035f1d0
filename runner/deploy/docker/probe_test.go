package docker

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A probed is an environment with a program that is replaced, and clients that send requests meanwhile.
type probed struct {
	*fixture
	compose string // with VERSION in it
	url     string // of the proxy; empty where a container asks
}

// server is a program that needs half a second to be ready. It is no busybox httpd: that one forks for each request and
// lets nine wait, so that on a busy machine it fails requests itself. Each health check is a process that the engine
// starts: once a second is enough.
const server = `
  web:
    image: nginx:1
    init: true
    environment: {VERSION: VERSION}
    command: ["sh", "-c", "printf 'server { listen 8080; location / { return 200 \"%s\\\\n\"; } }' $$VERSION > /etc/nginx/conf.d/default.conf; sleep 0.5; exec nginx -g 'daemon off;'"]
    stop_grace_period: 1s
`

const check = `    healthcheck: {test: "test ! -e /sick && curl -fs http://127.0.0.1:8080/", interval: 1s, timeout: 5s, retries: 3, start_period: 20s}
`

// nginx is a proxy that looks the name of the upstream up once, when it starts.
const nginx = `
  proxy:
    image: nginx:1
    ports: ["ADDRESS:80"]
    configs: [{source: nginx, target: /etc/nginx/conf.d/default.conf}]
    depends_on: {web: {condition: service_healthy}}
    stop_grace_period: 1s
configs:
  nginx:
    content: |
      server {
        listen 80;
        location / { proxy_pass http://web:8080; }
      }
`

// resolving looks it up for each request.
var resolving = strings.Replace(nginx, "location / { proxy_pass http://web:8080; }",
	`error_log /dev/stderr info;
        resolver 127.0.0.11 valid=1s ipv6=off;
        location / { set $$up http://web:8080; proxy_pass $$up; }`, 1)

// asking is a client on the network of web.
var asking = `
  probe:
    image: python:3
    command: [python3, -uc, "` + strings.Trim(fmt.Sprintf("%q", probe), `"`) + `"]
    depends_on: [web]
    stop_signal: SIGKILL
`

func newProbed(t *testing.T, services string) *probed {
	t.Helper()
	p := &probed{compose: "services:\n" + services}
	if strings.Contains(services, "ADDRESS") {
		address := enginetest.PublishedPort(t)
		p.compose = strings.ReplaceAll(p.compose, "ADDRESS", address)
		p.url = "http://" + address + "/"
	}
	if strings.Contains(services, "EDGE") {
		edge := enginetest.Project()
		c := enginetest.Client(t)
		if _, err := c.NetworkCreate(context.Background(), edge, client.NetworkCreateOptions{}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.NetworkRemove(context.Background(), edge, client.NetworkRemoveOptions{}) })
		p.compose = strings.ReplaceAll(p.compose, "EDGE", edge)
	}
	p.fixture = newFixture(t, "services: {}")
	p.large = true
	if p.url != "" || strings.Contains(services, "probe:") {
		p.clientTime = usualClientTime
	}
	p.version("v1")
	return p
}

func (p *probed) version(v string) {
	p.t.Helper()
	p.write(strings.ReplaceAll(p.compose, "VERSION: VERSION", "VERSION: "+v))
}

// while sends requests during a change, and for a moment before and after it.
func (p *probed) while(change func()) enginetest.Answers {
	p.t.Helper()
	if p.url == "" {
		return p.whileContained(change)
	}
	enginetest.RemoveStaleRules(p.t)
	p.complaints()
	deadline := time.Now().Add(20 * time.Second)
	for _, err := enginetest.Get(p.url); err != nil; _, err = enginetest.Get(p.url) {
		if time.Now().After(deadline) {
			p.t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	probe := enginetest.StartProbe(p.t, p.url)
	time.Sleep(300 * time.Millisecond)
	change()
	time.Sleep(300 * time.Millisecond)
	return probe.Stop()
}

// complaints logs what the proxy says about requests that it could not answer, if the test fails.
func (p *probed) complaints() {
	p.t.Cleanup(func() {
		if !p.t.Failed() {
			return
		}
		p.Backend.Logs(context.Background(), deploy.LogOptions{Services: []string{"proxy"}}, func(l deploy.LogLine) error {
			if strings.Contains(l.Text, "upstream") {
				p.t.Log(l.Time, l.Text)
			}
			return nil
		})
	})
}

// whileContained counts what the client on the network says.
func (p *probed) whileContained(change func()) enginetest.Answers {
	p.t.Helper()
	change()
	time.Sleep(300 * time.Millisecond)
	a := enginetest.Answers{Said: map[string]int{}}
	p.asked()
	err := p.Backend.Logs(context.Background(), deploy.LogOptions{Services: []string{"probe"}}, func(l deploy.LogLine) error {
		var err error
		if strings.HasPrefix(l.Text, "bad") {
			err = errors.New(l.Text)
		}
		a.Add(l.Time, l.Text, err)
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return a
}

// change returns the change of a service that a deploy would make.
func (p *probed) change(service string) release.Change {
	p.t.Helper()
	plan, _ := p.proposal()
	for _, c := range plan.Changes {
		if c.Subject == release.SubjectService && c.Name == service {
			return c
		}
	}
	return release.Change{}
}

// addresses returns those of the containers of web, by network.
func (p *probed) addresses() (all []string) {
	p.t.Helper()
	for _, id := range p.ids("web") {
		c, err := p.engine.ContainerInspect(context.Background(), id, client.ContainerInspectOptions{})
		if err != nil {
			p.t.Fatal(err)
		}
		for _, e := range c.Container.NetworkSettings.Networks {
			all = append(all, e.IPAddress.String())
		}
	}
	return all
}

func expectNone(t *testing.T, a enginetest.Answers) {
	t.Helper()
	t.Logf("asked %d, failed %d, longest gap %s, %v", a.Asked, a.Failed, a.Gap().Round(time.Millisecond), a.Said)
	if a.Failed > 0 || a.Said["v1"] < 5 || a.Said["v2"] < 5 {
		t.Errorf("asked %d, failed %d: %v", a.Asked, a.Failed, a.Said)
	}
}

func TestAProxyThatRemembersAnAddressFindsTheNewContainerThere(t *testing.T) {
	t.Parallel()
	p := newProbed(t, server+check+nginx)
	p.deploy()
	before := p.addresses()
	p.version("v2")
	if c := p.change("web"); c.Strategy != release.StartFirst || !strings.Contains(c.Detail, "interrupts clients that remember its address: proxy") {
		t.Errorf("change %+v", c)
	}
	a := p.while(p.deploy)
	t.Logf("asked %d, failed %d, longest gap %s, %v", a.Asked, a.Failed, a.Gap().Round(time.Millisecond), a.Said)
	if said, err := enginetest.Get(p.url); err != nil || said != "v2" {
		t.Errorf("the proxy says %q, %v", said, err)
	}
	if after := p.addresses(); len(after) != 1 || after[0] != before[0] {
		t.Errorf("web was at %v and is at %v", before, after)
	}
	p.synced()
}

func TestAProxyThatReloadsFailsNoRequest(t *testing.T) {
	t.Parallel()
	p := newProbed(t, server+check+nginx)
	p.Environment.Reload = map[string]string{"proxy": "nginx -s reload"}
	p.Backend.Environment.Reload = p.Environment.Reload
	p.deploy()
	p.version("v2")
	if c := p.change("proxy"); c.Kind != release.Reload {
		t.Errorf("change %+v", c)
	}
	expectNone(t, p.while(p.deploy))
	p.synced()
}

// It is not beside others: nginx has to look names up within the second for which it remembers them.
func TestAProxyThatLooksNamesUpFailsNoRequest(t *testing.T) {
	p := newProbed(t, server+check+resolving)
	p.deploy()
	p.version("v2")
	if c := p.change("web"); c.Strategy != release.StartFirst || c.Interrupts() {
		t.Errorf("change %+v", c)
	}
	expectNone(t, p.while(func() {
		p.deploy()
		p.rollBack()
		p.makeSick()
		if err := p.heal(1); err != nil {
			t.Error(err)
		}
		p.deploy()
	}))
	p.synced()
}

// rollBack deploys a version that does not become healthy, and then the one before it, as the automatic return does.
func (p *probed) rollBack() {
	p.t.Helper()
	good := p.compose
	p.compose = strings.Replace(p.compose, "start_period: 20s", "start_period: 0s", 1)
	p.compose = strings.Replace(p.compose, "sleep 0.5; exec nginx", "sleep 20; exec nginx", 1)
	p.version("v3")
	if err := p.try(); err == nil {
		p.t.Error("a version that is not healthy was deployed")
	}
	p.compose = good
	p.version("v1")
	p.deploy()
	p.version("v2")
}

// makeSick lets the health check of a container fail, which still answers.
func (p *probed) makeSick() {
	p.t.Helper()
	p.must(p.ids("web")[0], "touch", "/sick")
	p.illOf(1)
}

func TestAnExternalNetworkFailsNoRequest(t *testing.T) {
	t.Parallel()
	p := newProbed(t, server+check+"    networks: {edge: {aliases: [extweb]}}\n"+
		strings.Replace(asking, "gethostbyname(\\\"web", "gethostbyname(\\\"extweb", 1)+
		"    networks: [edge]\nnetworks: {edge: {external: true, name: EDGE}}\n")
	p.deploy()
	p.version("v2")
	if c := p.change("web"); c.Strategy != release.StartFirst || c.Interrupts() {
		t.Errorf("change %+v", c)
	}
	expectNone(t, p.while(p.deploy))
}

func TestFourReplicasDoNotBecomeEight(t *testing.T) {
	t.Parallel()
	p := newProbed(t, server+check+"    deploy: {replicas: 4}\n"+nginx)
	p.deploy()
	p.version("v2")
	ctx, cancel := context.WithCancel(context.Background())
	most := make(chan int)
	go func() { most <- p.mostContainers(ctx) }()
	expectNone(t, p.while(p.deploy))
	cancel()
	if n := <-most; n != 5 {
		t.Errorf("there were %d containers at once", n)
	}
	p.synced()
}

// mostContainers returns the largest number of containers of web until a context ends.
func (p *probed) mostContainers(ctx context.Context) (most int) {
	for ctx.Err() == nil {
		list, err := p.engine.ContainerList(context.Background(), client.ContainerListOptions{
			Filters: ofService(p.project, "web"),
		})
		if err == nil {
			most = max(most, len(list.Items))
		}
		pause(ctx, 50*time.Millisecond)
	}
	return most
}
