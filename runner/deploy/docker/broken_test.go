package docker

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// three are services that are replaced start-first, all in one wave.
const three = `
x-service: &service
  image: busybox
  command: [sleep, "1000"]
  environment: {VERSION: "%[1]s"}
  deploy: {replicas: 1}
  stop_signal: SIGKILL
services:
  a: {<<: *service, healthcheck: {test: [CMD, "true"], interval: 1s}}
  b: {<<: *service, healthcheck: {test: [CMD, "%[2]s"], interval: 1s, retries: 1}}
  c: {<<: *service, deploy: {replicas: 2}, healthcheck: {test: [CMD, "true"], interval: 1s}}
`

// back returns to the last good release, as davit does when one has failed.
func (s *fixture) back(good release.Release) {
	s.t.Helper()
	p := release.Compare(good.Model, good.Model, s.live(), nil)
	if err := s.Apply(context.Background(), p, good,
		deploy.ApplyOptions{Timeout: s.timeout,
			Emit: func(e ui.Event) { s.t.Logf("back: %s: %s", e.Step, e.Text) }}); err != nil {
		s.t.Errorf("back: %v", err)
	}
}

// good returns the last healthy release.
func (s *fixture) good() release.Release {
	s.t.Helper()
	all, err := s.Releases(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range all {
		if r.Result == release.Healthy {
			return r
		}
	}
	s.t.Fatal("no release is good")
	return release.Release{}
}

// breakAt deploys, and breaks that off when a service says something for so many times.
func (s *fixture) breakAt(service, text string, times int) error {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p, r := s.proposal()
	s.record(r)
	var mu sync.Mutex
	return s.Apply(ctx, p, r, deploy.ApplyOptions{Timeout: s.timeout, Emit: func(e ui.Event) {
		mu.Lock()
		defer mu.Unlock()
		s.t.Logf("%s: %s", e.Step, e.Text)
		if e.Step == service && strings.Contains(e.Text, text) {
			if times--; times == 0 {
				cancel()
			}
		}
	}})
}

// One service has been replaced, one does not become healthy, and one is in the middle of it.
func TestTheWayBackFromTheMiddle(t *testing.T) {
	t.Parallel()
	for _, m := range []struct {
		check, service, text string
		times                int
	}{
		{"false", "", "", 1},
		{"true", "c", "starting", 1},
		{"true", "c", "is healthy", 3},
		{"true", "c", "removing", 2},
	} {
		t.Run(fmt.Sprint(m.service, " ", m.text, " ", m.times), func(t *testing.T) {
			t.Parallel()
			s := newFixture(t, fmt.Sprintf(three, "v1", "true"))
			s.deploy()
			good := s.good()
			s.write(fmt.Sprintf(three, "v2", m.check))
			if err := s.breakAt(m.service, m.text, m.times); err == nil {
				t.Error("it went well")
			} else {
				t.Log(err)
			}
			s.back(good)
			s.applied = good.Model
			if d := s.drift(); len(d) > 0 {
				t.Errorf("drift %q", d)
			}
			if p := release.Compare(good.Model, good.Model, s.live(), nil); !p.Empty() {
				t.Errorf("another deploy would do %+v", p.Changes)
			}
			if n := len(s.ids()); n != 4 {
				t.Errorf("%d containers", n)
			}
		})
	}
}
