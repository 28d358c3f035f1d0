package docker

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

const stubborn = `
services:
  web:
    image: busybox
    command: [sleep, "1000"]
    environment: {VERSION: %s}
    stop_grace_period: 3s
    volumes: ["data:/data"]
volumes: {data: {}}
`

// An engine goes on with a stop when its caller goes away. A davit that did not wait for it would call the
// container healthy to which it returns, and the engine would kill that a moment later.
func TestAStopThatHasBegunIsWaitedFor(t *testing.T) {
	t.Parallel()
	s := newFixture(t, strings.Replace(stubborn, "%s", "v1", 1))
	s.deploy()
	good := s.good()
	s.write(strings.Replace(stubborn, "%s", "v2", 1))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p, r := s.proposal()
	s.record(r)
	err := s.Apply(ctx, p, r, deploy.ApplyOptions{Timeout: s.timeout, Emit: func(e ui.Event) {
		if strings.Contains(e.Text, "replacing it") {
			time.AfterFunc(time.Second, cancel)
		}
	}})
	if err == nil {
		t.Fatal("the deploy was not interrupted")
	}
	s.back(good)
	time.Sleep(4 * time.Second)
	web := s.live().Containers["web"]
	if len(web) != 1 || web[0].State != release.StateRunning {
		t.Errorf("web is %+v", web)
	}
	if d := s.drift(); len(d) > 0 {
		t.Errorf("drift %q", d)
	}
}

// TestAnInterruptedReplacementKeepsTheAddress: wherever it ends, the next deploy completes it.
func TestAnInterruptedReplacementKeepsTheAddress(t *testing.T) {
	t.Parallel()
	p := newProbed(t, server+check+
		"  client: {image: busybox:1, command: [sleep, \"1000\"], depends_on: [web], stop_signal: SIGKILL}\n")
	p.deploy()
	before := p.addresses()
	for i, said := range []string{"the others have taken over", "starting 1 beside 2", "removing"} {
		p.version(fmt.Sprintf("v%d", i+2))
		p.history()
		plan, r := p.proposal()
		ctx, cancel := context.WithCancel(context.Background())
		err := p.Apply(ctx, plan, r, deploy.ApplyOptions{Timeout: p.timeout, Emit: func(e ui.Event) {
			if e.Step == "web" && strings.HasPrefix(e.Text, said) {
				cancel()
			}
		}})
		if err == nil {
			t.Errorf("a deploy that was cancelled at %q has succeeded", said)
		}
		p.deploy()
		if after := p.addresses(); len(after) != 1 || after[0] != before[0] {
			t.Errorf("after %q web is at %v, and was at %v", said, after, before)
		}
		p.synced()
	}
}
