package deploytest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

func testDrift(s *subject) {
	s.compose(fmt.Sprintf(scaled, 2))
	s.deploy()
	s.Kill(s.name("web-1"))
	s.expectDrift("web.replicas")
	s.deploy()
	s.Remove(s.name("web-2"))
	s.expectDrift("web.replicas")
	s.deploy()
	s.exec("web", "touch", "/etc/x")
	s.expectDrift("web.files./etc/x")
	quick, err := s.b.Observe(s.Context(), deploy.ObserveOptions{})
	if err != nil || len(quick.Model.Services["web"].SelfModified) > 0 {
		s.Errorf("a look without files has them: %+v, %v", quick, err)
	}
}

const configured = `
services:
  web:
    image: IMAGE
    command: [sh, -c, "echo mine > /etc/own; exec sleep 1000"]
    configs: [{source: app, target: /etc/app.conf}, {source: own, target: /etc/own}]
    secrets: [pass]
    stop_grace_period: 0s
configs: {app: {content: "colour = red\n"}, own: {content: yours}}
secrets: {pass: {environment: PASSWORD}}
`

// testChangedConfigs: what somebody changes in a config or a secret inside a container is drift of the release, which
// a heal mends. What a program makes of its own on its way to health is not.
func testChangedConfigs(s *subject) {
	s.compose(configured)
	s.deploy()
	s.expectDrift()
	s.exec("web", "sh", "-c", "echo colour = blue > /etc/app.conf; echo x > /run/secrets/pass; rm /etc/own")
	s.expectDrift("web.configs./etc/app.conf", "web.configs./etc/own", "web.secrets./run/secrets/pass")
	d := release.Diagnose(s.applied.Model, s.observeWithFiles(), nil)
	healer, can := s.b.(deploy.Healer)
	if len(d.Findings) != 1 || !can {
		s.Fatalf("findings %s", d)
	}
	s.must(healer.Heal(s.Context(), d, s.applied, deploy.HealOptions{ApplyOptions: deploy.ApplyOptions{Timeout: patience}}))
	s.expectDrift()
}

const mounted = `
services:
  web:
    image: IMAGE
    command: [sleep, "1000"]
    volumes: ["./conf:/conf:ro", ".:/all"]
    stop_grace_period: 0s
`

// testClones: seen from another clone of the repository, what was deployed is in sync. A deploy from there says which
// mounts change from folder to folder, and is the last change.
func testClones(s *subject) {
	s.compose(mounted)
	s.must(os.MkdirAll(filepath.Join(s.env.Dir, "conf"), 0o755))
	s.deploy()
	first, second := s.env.Dir, s.TempDir()
	s.must(os.CopyFS(second, os.DirFS(first)))
	s.env.Dir = second
	s.b = s.Harness.Open(s.env)
	s.expectDrift()
	r := s.release()
	plan := s.plan(r)
	text := fmt.Sprintf("%+v", plan.Changes)
	for _, want := range []string{"bind " + first + "/conf,ro", "bind " + second + "/conf,ro", "bind " + first + " ", "deployed from the folder " + first} {
		if len(plan.Changes) != 1 || !strings.Contains(text, want) {
			s.Errorf("%q is not in the plan %s", want, text)
		}
	}
	s.deploy()
	s.expectDrift()
	s.b = s.Harness.Backend("dev")
	s.expectDrift()
}
