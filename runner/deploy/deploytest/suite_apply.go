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

func testFiles(s *subject) {
	s.compose(pair)
	rendered, err := s.b.Render(s.Context())
	s.must(err)
	if len(rendered.Pulls) != 2 || rendered.Pulls["web"] != s.Image() || len(rendered.Builds) != 0 {
		s.Errorf("rendered %+v", rendered)
	}
	r := s.release()
	web := r.Model.Services["web"]
	if web.Fields["environment.LEVEL"] != "info" || web.Fields["image"] != r.Images["web"].Digest ||
		!slices.Equal(web.Needs, []string{"db"}) {
		s.Errorf("desired %+v", web)
	}
	secret := r.Model.Services["db"].Fields["environment.PASSWORD"]
	if text := fmt.Sprintf("%+v%s", r.Model, r.Compose); strings.Contains(text, "open sesame") ||
		!release.IsSecret(secret) {
		s.Errorf("a secret is in %s", text)
	}
	s.must(s.b.CheckRelease(s.Context(), r, []string{"db", "web"}))
	other := r
	another := release.Fields{"environment.PASSWORD": release.HMACSecret([]byte("x"), "another")}
	other.Model.Services = map[string]release.Service{"db": {Fields: another}}
	s.expectError(s.b.CheckRelease(s.Context(), other, []string{"db"}), "another secret")
	s.Write("services: {web: {image: [}}")
	if _, err := s.b.Render(s.Context()); err == nil || !strings.Contains(err.Error(), "compose.yaml") {
		s.Errorf("a bad Compose file: %v", err)
	}
}

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
	live := s.live()
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

func testReplace(s *subject) {
	s.compose(pair)
	s.deploy()
	db, web := s.ids("db"), s.ids("web")
	s.compose(strings.ReplaceAll(pair, "LEVEL: info", "LEVEL: debug"))
	s.expectPlan("replace service web")
	s.deploy()
	if !slices.Equal(db, s.ids("db")) || slices.Equal(web, s.ids("web")) {
		s.Error("not web alone was replaced")
	}
	if got := s.live().Model.Services["web"].Fields["environment.LEVEL"]; got != "debug" {
		s.Errorf("LEVEL is %q", got)
	}
	s.compose(strings.Split(pair, "  web:")[0])
	s.expectPlan("delete service web")
	s.deploy()
	if n := len(s.ids()); n != 1 {
		s.Errorf("%d containers", n)
	}
}

const scaled = `
services:
  web:
    image: IMAGE
    command: [sleep, "1000"]
    deploy: {replicas: %d}
    stop_grace_period: 0s
`

func testScale(s *subject) {
	s.compose(fmt.Sprintf(scaled, 2))
	s.deploy()
	two := s.ids()
	s.compose(fmt.Sprintf(scaled, 3))
	s.expectPlan("update service web")
	s.deploy()
	three := s.ids()
	if len(three) != 3 || !slices.Contains(three, two[0]) || !slices.Contains(three, two[1]) {
		s.Errorf("the containers were %q and are %q", two, three)
	}
	s.compose(fmt.Sprintf(scaled, 1))
	s.deploy()
	if one := s.ids(); len(one) != 1 || !slices.Contains(three, one[0]) {
		s.Errorf("the containers were %q and are %q", three, one)
	}
	s.compose(fmt.Sprintf(scaled, 0))
	s.expectPlan("update service web")
	s.deploy()
	s.expectGood(0)
	s.must(s.b.Destroy(s.Context(), deploy.DestroyOptions{}))
	s.deploy()
	s.expectGood(0)
}

// expectGood checks that the environment has so many containers, is in sync and healthy, and has nothing to heal.
func (s *subject) expectGood(containers int) {
	s.Helper()
	live := s.live()
	_, whole := release.Assess(s.applied.Model, live, nil)
	if d := release.Diagnose(s.applied.Model, live, nil); !d.Empty() || !whole.InSync || !whole.Healthy {
		s.Errorf("state %+v, findings %s", whole, d)
	}
	if n := len(s.ids()); n != containers {
		s.Errorf("%d containers, wanted %d", n, containers)
	}
}

const oneShot = `
services:
  store: {image: IMAGE, command: [sleep, "1000"], stop_grace_period: 0s}
  buckets:
    image: IMAGE
    command: [sh, -c, "echo made; exit %d"]
    restart: "%s"
    depends_on: [store]
`

// testOneShot: a service that ends well, that nobody waits for and that nothing starts again is done, and does not
// run again.
func testOneShot(s *subject) {
	for _, policy := range []string{"no", "on-failure"} {
		s.compose(fmt.Sprintf(oneShot, 0, policy))
		s.deploy()
		s.expectGood(2)
		services, _ := release.Assess(s.applied.Model, s.live(), nil)
		if got := services["buckets"].Reason; got != "done" {
			s.Errorf("it is %q", got)
		}
	}
	before := s.live().Containers["buckets"][0]
	s.compose(strings.ReplaceAll(fmt.Sprintf(oneShot, 0, "on-failure"), `"1000"`, `"1001"`))
	s.deploy()
	if after := s.live().Containers["buckets"][0]; after.ID != before.ID || after.Started != before.Started {
		s.Error("what was done ran again")
	}
	s.compose(fmt.Sprintf(oneShot, 3, "no"))
	s.expectError(s.try(s.Context(), deploy.ApplyOptions{}), "ended with exit code 3")
}

// testCrashLoop: a container that nothing checks, and that ends again and again, is never healthy.
func testCrashLoop(s *subject) {
	const loop = `
services:
  web:
    image: IMAGE
    command: [sh, -c, "sleep 1; exit 1"]
    restart: always
    deploy: {update_config: {monitor: 3s}}
    stop_grace_period: 0s
  later: {image: IMAGE, command: [sleep, "1000"], depends_on: [web], stop_grace_period: 0s}
`
	s.compose(loop)
	s.expectError(s.try(s.Context(), deploy.ApplyOptions{}), "keeps restarting")
	r := s.release()
	if _, whole := release.Assess(r.Model, s.live(), nil); whole.Healthy {
		s.Errorf("state %+v", whole)
	}
}

const jobbed = `
services:
  web:
    image: IMAGE
    command: [sleep, "1000"]
    environment: {VERSION: %s}
    depends_on: {migrate: {condition: service_completed_successfully}}
    stop_grace_period: 0s
  migrate:
    image: IMAGE
    command: [sh, -c, "echo migrating %s; exit %d"]
`

func testJobs(s *subject) {
	s.compose(fmt.Sprintf(jobbed, "v1", "v1", 0))
	s.deploy()
	web, job := s.ids("web"), s.ids("migrate")
	s.compose(fmt.Sprintf(jobbed, "v2", "v2", 3))
	err := s.try(s.Context(), deploy.ApplyOptions{})
	s.expectError(err, "ended with exit code 3", "migrating v2")
	var lines interface{ Lines() []string }
	if !errors.As(err, &lines) || !slices.Contains(lines.Lines(), "migrating v2") {
		s.Errorf("the error does not have the last lines: %v", err)
	}
	if !slices.Equal(web, s.ids("web")) {
		s.Error("web was touched although the job before it has failed")
	}
	s.compose(fmt.Sprintf(jobbed, "v2", "v1", 0))
	s.deploy()
	if slices.Equal(web, s.ids("web")) || slices.Equal(job, s.ids("migrate")) {
		s.Error("a job that failed did not run again, or web was not replaced")
	}
	job = s.ids("migrate")
	s.compose(fmt.Sprintf(jobbed, "v3", "v1", 0))
	s.deploy()
	if !slices.Equal(job, s.ids("migrate")) {
		s.Error("a job that has not changed ran again")
	}
}

const single = `
services:
  web:
    image: IMAGE
    command: [sleep, "1000"]
    stop_grace_period: 0s
  down:
    image: IMAGE
    command: [sh, -c, "echo going down; exit %d"]
    scale: 0
`

// testSingleJobs: a service of a release runs once, beside the others, and leaves no container.
func testSingleJobs(s *subject) {
	for _, exit := range []int{0, 3} {
		s.compose(fmt.Sprintf(single, exit))
		s.deploy()
		web := s.ids("web")
		err := s.b.RunJob(s.Context(), s.applied, "down", map[string]string{"TO": "1"}, deploy.ApplyOptions{})
		var lines interface{ Lines() []string }
		switch {
		case exit == 0 && err != nil:
			s.Error(err)
		case exit != 0 && (!errors.As(err, &lines) || !slices.Contains(lines.Lines(), "going down")):
			s.Errorf("error %v", err)
		}
		if len(s.ids("down")) > 0 || !slices.Equal(web, s.ids("web")) {
			s.Error("its container stayed, or another one did not")
		}
	}
	s.must(s.b.RemoveJobs(s.Context(), []string{"web"}))
	if len(s.ids("web")) > 0 {
		s.Error("a container was not removed")
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

// testPause: a new container that does not become healthy stays beside the old one, and the next deploy goes on.
func testPause(s *subject) {
	const order = "start-first, failure_action: pause"
	s.compose(fmt.Sprintf(checked, "v1", "true", order))
	s.deploy()
	old := s.ids("web")
	s.compose(fmt.Sprintf(checked, "v2", "false", order))
	s.expectError(s.try(s.Context(), deploy.ApplyOptions{}), "is unhealthy", "this is v2")
	if all := s.ids("web"); len(all) != 2 || !slices.Contains(all, old[0]) {
		s.Errorf("containers %q, and %q before", all, old)
	}
	s.compose(fmt.Sprintf(checked, "v3", "true", order))
	s.deploy()
	s.expectDrift()
}

func testUnhealthy(s *subject) {
	s.compose(fmt.Sprintf(checked, "v1", "true", "stop-first"))
	s.deploy()
	s.compose(fmt.Sprintf(checked, "v2", "false", "stop-first"))
	s.expectError(s.try(s.Context(), deploy.ApplyOptions{}), "is unhealthy", "this is v2")
	if !s.reported("web", ui.StatusFailed) {
		s.Errorf("nobody said that web failed: %+v", s.events)
	}
	s.compose(`services: {web: {image: IMAGE, command: [sh, -c, "exit 4"], restart: always}}`)
	s.expectError(s.try(s.Context(), deploy.ApplyOptions{}), "keeps restarting")
}

func testStartFirst(s *subject) {
	s.compose(fmt.Sprintf(checked, "v1", "true", "start-first"))
	s.deploy()
	before := s.ids()
	s.compose(fmt.Sprintf(checked, "v2", "false", "start-first"))
	if p := s.plan(s.release()); len(p.Changes) != 1 || p.Changes[0].Strategy != release.StartFirst {
		s.Errorf("planned %+v", p.Changes)
	}
	s.expectError(s.try(s.Context(), deploy.ApplyOptions{}), "is unhealthy")
	after := s.live().Containers["web"]
	if len(after) != 1 || after[0].ID != before[0] || after[0].State != release.StateRunning {
		s.Errorf("the old container does not run alone: %+v", after)
	}
	s.compose(fmt.Sprintf(checked, "v2", "true", "start-first"))
	s.deploy()
	if after := s.ids(); len(after) != 1 || after[0] == before[0] {
		s.Errorf("the container was %q, and is %q", before, after)
	}
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

const volumed = `
services:
  one: {image: IMAGE, command: [sleep, "1000"], environment: {V: %s}, volumes: ["keep:/keep"], stop_grace_period: 0s}
volumes: {keep: {}}
`

func testVolumes(s *subject) {
	s.compose(fmt.Sprintf(volumed, "v1"))
	s.deploy()
	s.exec("one", "touch", "/keep/data")
	s.compose(fmt.Sprintf(volumed, "v2"))
	s.deploy()
	if s.exec("one", "test", "-e", "/keep/data") != 0 {
		s.Error("what was in the volume is gone")
	}
	without := `services: {one: {image: IMAGE, command: [sleep, "1000"], stop_grace_period: 0s}}`
	s.compose(without)
	s.deploy()
	if r := s.plan(s.applied).Retained; len(r) != 1 || r[0].Name != "keep" || r[0].Kind != release.Delete {
		s.Errorf("retained %+v", r)
	}
	if _, has := s.live().Model.Volumes["keep"]; !has {
		s.Error("the volume is gone, and nobody asked for that")
	}
	s.must(s.try(s.Context(), deploy.ApplyOptions{Volumes: true}))
	if _, has := s.live().Model.Volumes["keep"]; has {
		s.Error("the volume is still there")
	}
}

// testRenamedVolumes gives a service another volume under the same key, and goes back.
func testRenamedVolumes(s *subject) {
	const service = `
services: {one: {image: IMAGE, command: [sleep, "1000"], volumes: ["keep:/keep"], stop_grace_period: 0s}}
volumes: {keep: `
	old, other := s.env.Instance()+"_keep", s.env.Instance()+"-other"
	s.compose(service + "{}}")
	s.deploy()
	s.exec("one", "touch", "/keep/data")
	s.compose(service + "{name: " + other + "}}")
	s.expectMove("volume "+old, other+", which is empty", "create volume keep", "replace service one")
	s.deploy()
	if s.exec("one", "test", "-e", "/keep/data") == 0 {
		s.Error("the other volume has the data of the first")
	}
	if r := s.plan(s.applied).Retained; len(r) != 1 || r[0].Name != old {
		s.Errorf("retained %+v", r)
	}
	s.expectDrift()
	s.compose(service + "{name: " + old + ", external: true}}")
	s.expectMove("volume "+other, old+", which is there already", "replace service one")
	s.deploy()
	if s.exec("one", "test", "-e", "/keep/data") != 0 {
		s.Error("what was in the first volume is gone")
	}
	s.must(s.try(s.Context(), deploy.ApplyOptions{Volumes: true}))
	if v := s.live().Model.Volumes; len(v) != 1 || s.exec("one", "test", "-e", "/keep/data") != 0 {
		s.Errorf("volumes %v", v)
	}
}

// expectMove checks that a plan has these changes, and that its last one moves a mount from one volume to another.
func (s *subject) expectMove(before, after string, want ...string) {
	s.Helper()
	s.expectPlan(want...)
	p := s.plan(s.release())
	c := p.Changes[len(p.Changes)-1]
	move := release.Difference{Path: "volumes./keep", Before: release.Text(before), After: release.Text(after)}
	if c.Strategy != release.StopFirst || !slices.Contains(c.Fields, move) {
		s.Errorf("planned %+v", c)
	}
}

const anonymous = `
services:
  one:
    image: IMAGE
    command: [sleep, "1000"]
    environment: {V: %s}
    volumes: [/kept]
    healthcheck: {test: [CMD, "true"], interval: 300ms}
    stop_grace_period: 0s
    deploy: {update_config: {order: %s}}
`

// testAnonymousVolumes replaces a service that could start first but for a volume without a name.
func testAnonymousVolumes(s *subject) {
	unordered := strings.Replace(anonymous, "    deploy: {update_config: {order: %s}}\n", "", 1)
	s.compose(fmt.Sprintf(unordered, "v1"))
	s.deploy()
	s.exec("one", "touch", "/kept/data")
	s.compose(fmt.Sprintf(unordered, "v2"))
	if p := s.plan(s.release()); len(p.Changes) != 1 || p.Changes[0].Strategy != release.StopFirst ||
		!strings.Contains(p.Changes[0].Detail, `it can write to the anonymous volume at "/kept"`) {
		s.Errorf("planned %+v", p.Changes)
	}
	s.deploy()
	if s.exec("one", "test", "-e", "/kept/data") != 0 {
		s.Error("what was in the anonymous volume is gone")
	}
	s.compose(fmt.Sprintf(anonymous, "v3", "start-first"))
	if p := s.plan(s.release()); len(p.Changes) != 1 || p.Changes[0].Strategy != release.StartFirst ||
		!strings.Contains(p.Changes[0].Detail, "new containers begin with an empty volume at /kept") {
		s.Errorf("planned %+v", p.Changes)
	}
}

// exec runs a command in a container of a service, and returns its exit code.
func (s *subject) exec(service string, argv ...string) int {
	s.Helper()
	return s.execIn(service, 0, argv...)
}

// execIn runs a command in the container of a number; 0 is any.
func (s *subject) execIn(service string, index int, argv ...string) int {
	s.Helper()
	exit, err := s.b.Exec(s.Context(), deploy.ExecOptions{
		Service: service, Index: index, Command: argv, In: strings.NewReader(""), Out: &strings.Builder{},
		Err: &strings.Builder{},
	})
	s.must(err)
	return exit
}

const networked = `
services:
  web: {image: IMAGE, command: [sleep, "1000"], networks: [back], stop_grace_period: 0s}
  lone: {image: IMAGE, command: [sleep, "1000"], networks: [front], stop_grace_period: 0s}
networks: {back: {labels: {kind: %s}}, front: {}}
`

func testNetworks(s *subject) {
	s.compose(fmt.Sprintf(networked, "a"))
	s.deploy()
	web, lone := s.ids("web"), s.ids("lone")
	s.compose(fmt.Sprintf(networked, "b"))
	s.expectPlan("replace network back", "replace service web")
	s.deploy()
	if slices.Equal(web, s.ids("web")) || !slices.Equal(lone, s.ids("lone")) {
		s.Error("not what is on the network, and only that, was replaced")
	}
	if f := s.live().Model.Networks["back"]; f["labels.kind"] != "b" {
		s.Errorf("the network is %v", f)
	}
	s.compose(`services: {lone: {image: IMAGE, command: [sleep, "1000"], networks: [front], stop_grace_period: 0s}}
networks: {front: {}}`)
	s.expectPlan("delete network back", "delete service web")
	s.deploy()
}

// testConflicts deploys nothing: the ports that it names belong to somebody else.
func testConflicts(s *subject) {
	const port = "28479"
	other := s.env.Project + "-other"
	s.compose(fmt.Sprintf(`
services:
  web: {image: IMAGE, command: [sleep, "1000"], container_name: %s, ports: ["127.0.0.1:%s:80"]}
`, other, port))
	r := s.release()
	if all, err := s.b.Conflicts(s.Context(), r.Model); err != nil || len(all) > 0 {
		s.Errorf("conflicts before there is anybody: %v, %v", all, err)
	}
	s.Harness.Run(Foreign{Name: other, Project: "somebody",
		Ports: map[string]string{"80/tcp": "127.0.0.1:" + port}})
	all, err := s.b.Conflicts(s.Context(), r.Model)
	s.must(err)
	if len(all) != 2 || all[0].Owner != `project "somebody"` || all[1].Owner != `project "somebody"` {
		s.Fatalf("conflicts %v", all)
	}
	ports := slices.DeleteFunc(all, func(c release.Conflict) bool { return !c.Port })
	if len(ports) != 1 || ports[0].Field != "ports.80/tcp" || ports[0].Wants != "127.0.0.1:"+port {
		s.Fatalf("conflicts %+v", ports)
	}
	reassigner, can := s.b.(deploy.PortReassigner)
	if !can {
		return
	}
	r, err = reassigner.ReassignPorts(s.Context(), r, ports)
	s.must(err)
	if got := r.Model.Services["web"].Fields["ports.80/tcp"]; got != "127.0.0.1:any" {
		s.Errorf("the port is %q", got)
	}
	if all, err := s.b.Conflicts(s.Context(), r.Model); err != nil || len(all) != 1 || all[0].Port {
		s.Errorf("conflicts when the port was given up: %v, %v", all, err)
	}
}

func testNames(s *subject) {
	s.compose(`
services: {web: {image: IMAGE, command: [sleep, "1000"], networks: [back], volumes: ["data:/data"]}}
networks: {back: {name: ` + s.env.Project + `-back}}
volumes: {data: {name: ` + s.env.Project + `-data}}
`)
	s.Network(s.env.Project+"-back", "somebody")
	s.Volume(s.env.Project+"-data", "")
	all, err := s.b.Conflicts(s.Context(), s.release().Model)
	s.must(err)
	if len(all) != 2 || all[0].Field != `network "back"` || all[0].Owner != `project "somebody"` ||
		all[1].Field != `volume "data"` || all[1].Owner != "something outside of any project" {
		s.Errorf("conflicts %+v", all)
	}
}

func testDestroy(s *subject) {
	s.compose(fmt.Sprintf(volumed, "v1"))
	s.deploy()
	s.must(s.b.Record(s.Context(), s.applied))
	var events []ui.Event
	s.must(s.b.Destroy(s.Context(), deploy.DestroyOptions{Emit: collect(&events, nil)}))
	live := s.live()
	if len(live.Containers)+len(live.Model.Networks) > 0 || len(live.Model.Volumes) != 1 || len(events) == 0 {
		s.Errorf("after a destroy there is %+v, and %+v was said", live, events)
	}
	if all, err := s.b.Releases(s.Context()); err != nil || len(all) != 1 {
		s.Errorf("releases %v, %v", all, err)
	}
	s.deploy()
	network, guest := s.env.Instance()+"_default", s.env.Project+"-guest"
	s.Harness.Run(Foreign{Name: guest, Networks: []string{network}})
	err := s.b.Destroy(s.Context(), deploy.DestroyOptions{Volumes: true})
	s.expectError(err, "network", network, guest, "which davit did not make")
	if live := s.live(); len(live.Model.Networks) != 1 || len(live.Containers)+len(live.Model.Volumes) > 0 {
		s.Errorf("a container of somebody else is on the network, and there is %+v", live)
	}
	s.Remove(guest)
	s.must(s.b.Destroy(s.Context(), deploy.DestroyOptions{Volumes: true}))
	if live := s.live(); len(live.Model.Volumes)+len(live.Model.Networks) > 0 {
		s.Errorf("there is %+v", live.Model)
	}
}
