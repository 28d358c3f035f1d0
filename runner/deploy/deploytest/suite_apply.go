package deploytest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// pair is two services, of which one needs the other.
const pair = `
services:
  db:
    image: IMAGE
    command: [sleep, "1000"]
    environment: {PASSWORD: "${PASSWORD}"}
    stop_grace_period: 0s
  web:
    image: IMAGE
    command: [sh, -c, "echo web says hello; exec sleep 1000"]
    environment: {LEVEL: info}
    depends_on: [db]
    stop_grace_period: 0s
`

func testApply(s *subject) {
	s.compose(pair)
	if live := s.live(); len(live.Containers)+len(live.Model.Networks)+len(live.Model.Volumes) > 0 {
		s.Errorf("before anything is applied there is %+v", live)
	}
	s.expectPlan("create network default", "create service db", "create service web")
	s.deploy()
	for _, service := range []string{"db", "web"} {
		if !s.reported(service, ui.StatusOK) {
			s.Errorf("nobody said how %s ended: %+v", service, s.events)
		}
	}
	if d := s.drift(); len(d) > 0 {
		s.Errorf("drift %q right after a deploy", d)
	}
	live := s.observeWithFiles()
	if _, whole := release.Assess(s.applied.Model, live, nil); !whole.Healthy || !whole.InSync {
		s.Errorf("state %+v", whole)
	}
	if c := live.Containers["web"]; len(c) != 1 || c[0].Name != s.name("web-1") ||
		c[0].State != release.StateRunning ||
		c[0].Started.IsZero() {
		s.Errorf("containers %+v", c)
	}
	if strings.Contains(fmt.Sprintf("%+v", live), "open sesame") {
		s.Error("what is observed shows a secret")
	}
	quick, err := s.b.Observe(s.Context(), deploy.ObserveOptions{})
	if s.must(err); quick.Sum() != live.Sum() {
		s.Error("a look without files has another sum")
	}
	before := s.ids()
	s.deploy()
	if !slices.Equal(before, s.ids()) {
		s.Error("an apply of the same has replaced containers")
	}
}

const checked = `
services:
  web:
    image: IMAGE
    command: [sh, -c, "echo this is %[1]s; exec sleep 1000"]
    environment: {VERSION: %[1]s}
    healthcheck: {test: [CMD, "%[2]s"], interval: 1s, retries: 1}
    deploy: {update_config: {order: %[3]s}}
    stop_grace_period: 0s
`

func testUnhealthy(s *subject) {
	s.compose(fmt.Sprintf(checked, "v1", "true", "stop-first"))
	s.deploy()
	s.compose(fmt.Sprintf(checked, "v2", "false", "stop-first"))
	s.expectError(s.try(s.Context(), deploy.ApplyOptions{}), "is unhealthy", "this is v2")
	if !s.reported("web", ui.StatusFailed) {
		s.Errorf("nobody said that web failed: %+v", s.events)
	}
	s.compose(`services: {web: {image: IMAGE, command: [sh, -c, "exit 4"], restart: always,
  deploy: {update_config: {monitor: 10s}}}}`) // a busy engine notices late that a process has ended
	s.expectError(s.try(s.Context(), deploy.ApplyOptions{}), "keeps restarting")
}

func testInterrupted(s *subject) {
	s.compose(fmt.Sprintf(checked, "v1", "true", "stop-first"))
	s.deploy()
	ctx, cancel := context.WithCancel(s.Context())
	s.compose(fmt.Sprintf(checked, "v2", "true", "stop-first"))
	err := s.try(ctx, deploy.ApplyOptions{Emit: func(ui.Event) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		s.Errorf("interrupted: %v", err)
	}
	s.compose(fmt.Sprintf(checked, "v1", "true", "stop-first"))
	s.deploy()
}

// testRecordedAndVerified: nothing that is there changes before the release is recorded, and what verifies it sees it run.
func testRecordedAndVerified(s *subject) {
	const service = `
services:
  web: {image: IMAGE, command: [sleep, "1000"], labels: {version: %q}, stop_signal: SIGKILL}
networks: {default: {internal: %t}}
`
	notKept := errors.New("the record is not kept")
	unrecorded := func(internal bool, there []string) {
		s.Helper()
		s.compose(fmt.Sprintf(service, "v2", internal))
		s.expectError(s.try(s.Context(), deploy.ApplyOptions{
			Recorded: func() error {
				if now := s.ids(); !slices.Equal(now, there) {
					s.Errorf("before the record the containers were %q, and are %q", there, now)
				}
				return notKept
			},
			Verify: func(context.Context) error { s.Error("what was not applied is verified"); return nil },
		}), notKept.Error())
		if now := s.ids(); !slices.Equal(now, there) {
			s.Errorf("without a record the containers were %q, and are %q", there, now)
		}
	}
	unrecorded(false, nil)
	s.compose(fmt.Sprintf(service, "v1", false))
	s.expectError(s.try(s.Context(), deploy.ApplyOptions{Verify: func(context.Context) error {
		if now := s.live().Containers["web"]; len(now) != 1 || now[0].State != release.StateRunning {
			s.Errorf("it is verified while there is %+v", now)
		}
		return errors.New("it is not good")
	}}), "it is not good")
	s.deploy()
	there := s.ids()
	unrecorded(false, there)
	unrecorded(true, there)
}

func testKeepGoing(s *subject) {
	const two = `
services:
  bad: {image: IMAGE, command: [sh, -c, "exit 5"], stop_grace_period: 0s}
  good: {image: IMAGE, command: [sleep, "1000"], depends_on: [bad], stop_grace_period: 0s}
`
	s.compose(two)
	if err := s.try(s.Context(), deploy.ApplyOptions{}); err == nil || len(s.ids("good")) > 0 {
		s.Errorf("what comes after a failure was started: %v", err)
	}
	err := s.try(s.Context(), deploy.ApplyOptions{KeepGoing: true})
	if err == nil || !strings.Contains(err.Error(), "exit code 5") || len(s.ids("good")) != 1 {
		s.Errorf("it did not keep going: %v", err)
	}
}
