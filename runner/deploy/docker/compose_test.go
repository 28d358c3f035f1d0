package docker

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker/images"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

var _ deploy.Backend = (*Backend)(nil)

// TestMain runs more tests at once than there are processors: they wait for containers most of the time.
func TestMain(m *testing.M) {
	flag.Parse()
	flag.Set("test.parallel", "4")
	os.Exit(m.Run())
}

// A fixture is an environment of a test, in a project of its own.
type fixture struct {
	*Backend
	t       *testing.T
	applied release.Model // that of the last good release
	number  int           // of the last release
	timeout time.Duration
	large   bool // images with so many files that those which containers change are left out
}

func newFixture(t *testing.T, compose string) *fixture {
	t.Helper()
	s := &fixture{t: t, timeout: 20 * time.Second}
	e := release.Environment{Project: enginetest.Project(), Name: "dev", Dir: t.TempDir(), Monitor: time.Second}
	s.Backend = New(Options{Client: enginetest.Client(t), Environment: e, Env: os.Environ(),
		Secrets: map[string]string{"PASSWORD": "open sesame"}})
	s.clientTime = clientTime{} // nobody asks its services
	s.write(compose)
	t.Cleanup(s.clear)
	return s
}

func (s *fixture) write(compose string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.Environment.Dir, "compose.yaml"), []byte(compose),
		0o600); err != nil {
		s.t.Fatal(err)
	}
}

// clear removes all that a test has made.
func (s *fixture) clear() {
	ctx := context.Background()
	if err := s.Destroy(ctx, deploy.DestroyOptions{Volumes: true}); err != nil {
		s.t.Error(err)
	}
	s.remove(ctx, "davit-lock-"+s.project)
	list, _ := s.engine.ImageList(ctx, client.ImageListOptions{})
	for _, i := range list.Items {
		for _, tag := range i.RepoTags {
			if strings.HasPrefix(tag, images.Local+s.Environment.Project+"/") {
				s.images.Untag(ctx, tag)
			}
		}
		if i.Labels[label.Project] == s.Environment.Project { // one that has lost its name
			s.images.Untag(ctx, i.ID)
		}
	}
}

// proposal returns the release that the Compose files make, and the plan for it.
func (s *fixture) proposal() (release.Plan, release.Release) {
	s.t.Helper()
	ctx := context.Background()
	rendered, err := s.Render(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	images := map[string]release.Image{}
	for name, ref := range rendered.Pulls {
		if images[name], err = s.Pull(ctx, ref, false, nil); err != nil {
			s.t.Fatal(err)
		}
	}
	m, err := s.Desired(ctx, images)
	if err != nil {
		s.t.Fatal(err)
	}
	r := release.Release{Number: s.number + 1, Project: s.Environment.Project, Environment: "dev",
		Time: time.Now(), By: "test", Images: images, Model: m.Model, Compose: m.Compose, Key: m.Key, Result: release.Pending}
	return release.Compare(m.Model, s.applied, s.live(), nil), r
}

// live returns the live state without the files that containers have changed, for which an engine reads the whole file
// system of each.
func (s *fixture) live() release.Observed { return s.observe(deploy.ObserveOptions{}) }

// observeWithFiles returns the live state with the files that containers have changed.
func (s *fixture) observeWithFiles() release.Observed {
	return s.observe(deploy.ObserveOptions{Files: !s.large})
}

func (s *fixture) observe(o deploy.ObserveOptions) release.Observed {
	s.t.Helper()
	l, err := s.Observe(context.Background(), o)
	if err != nil {
		s.t.Fatal(err)
	}
	return l
}

// try deploys as davit does: it says that it begins, applies, and says how it ended.
func (s *fixture) try() error {
	s.t.Helper()
	ctx := context.Background()
	s.history()
	p, r := s.proposal()
	s.record(r)
	err := s.Apply(ctx, p, r, deploy.ApplyOptions{Timeout: s.timeout,
		Emit: func(e ui.Event) { s.t.Logf("%s: %s", e.Step, e.Text) }})
	if r.Result = release.Healthy; err != nil {
		r.Result, r.Reason = release.Failed, err.Error()
	} else {
		s.touch(r.Model)
	}
	s.record(r)
	s.history()
	return err
}

func (s *fixture) record(r release.Release) {
	s.t.Helper()
	if err := s.Record(context.Background(), r); err != nil {
		s.t.Fatal(err)
	}
}

// history reads what was deployed last from the engine.
func (s *fixture) history() {
	s.t.Helper()
	all, err := s.Releases(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	for i, r := range all {
		if i == 0 {
			s.number = r.Number
		}
		if r.Result == release.Healthy {
			s.applied = r.Model
			return
		}
	}
}

// Logs writes lines as the tests look for them.
func (s *fixture) Logs(ctx context.Context, o deploy.LogOptions, out io.Writer) error {
	return s.Backend.Logs(ctx, o, func(l deploy.LogLine) error {
		_, err := fmt.Fprintf(out, "%s | %s\n", l.Container, l.Text)
		return err
	})
}

func (s *fixture) deploy() {
	s.t.Helper()
	if err := s.try(); err != nil {
		s.t.Fatal(err)
	}
}

// touch makes what containers write by themselves a part of the release.
func (s *fixture) touch(m release.Model) {
	live := s.observeWithFiles()
	for name, service := range m.Services {
		service.SelfModified = live.Model.Services[name].SelfModified
		m.Services[name] = service
	}
}

// ids returns the ids of the containers of services, sorted.
func (s *fixture) ids(services ...string) (ids []string) {
	s.t.Helper()
	all, err := s.containers(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range all {
		if len(services) == 0 || slices.Contains(services, c.Labels[api.ServiceLabel]) {
			ids = append(ids, c.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// drift returns the paths in which the environment differs from the last release.
func (s *fixture) drift() (paths []string) {
	s.t.Helper()
	for service, all := range release.Drift(s.applied, s.observeWithFiles(), nil) {
		for _, d := range all {
			paths = append(paths, strings.TrimPrefix(service+"."+d.Path, "."))
		}
	}
	slices.Sort(paths)
	return paths
}

// synced fails where anything differs from the last release.
func (s *fixture) synced() {
	s.t.Helper()
	if p, _ := s.proposal(); !p.Empty() {
		s.t.Errorf("a deploy would do %+v", p.Changes)
	}
	if d := s.drift(); len(d) > 0 {
		s.t.Errorf("drift %q", d)
	}
}

const many = `
services:
  db:
    image: postgres:15
    environment: {POSTGRES_PASSWORD: "${PASSWORD}", PGDATA: /var/lib/postgresql/data/x}
    volumes: ["data:/var/lib/postgresql/data"]
    healthcheck: {test: [CMD, pg_isready, -U, postgres], interval: 1s, timeout: 2s, retries: 100, start_period: 1s}
    stop_grace_period: 1s
  cache:
    image: redis:7
    restart: unless-stopped
    command: [redis-server, --save, ""]
    networks: {back: {aliases: [memory]}}
    mem_limit: 50m
    cpus: 0.5
    cap_drop: [NET_RAW]
    ports: ["6379"]
    stop_grace_period: 1s
  web:
    image: nginx
    depends_on: {db: {condition: service_healthy}, migrate: {condition: service_completed_successfully}}
    configs: [{source: page, target: /usr/share/nginx/html/x.txt}]
    secrets: [token]
    volumes: [{type: bind, source: ./page, target: /page, read_only: true}, "/scratch"]
    tmpfs: [/tmp]
    read_only: false
    init: true
    user: root
    labels: {team: a}
    extra_hosts: ["far:10.0.0.1"]
    networks: [default, back]
    healthcheck: {test: [CMD, "true"], interval: 1s}
    deploy: {replicas: 2}
    stop_grace_period: 0s
  migrate:
    image: busybox
    command: [sh, -c, "echo migrated"]
    depends_on: {db: {condition: service_healthy}}
  reader:
    image: busybox
    command: [sleep, "1000"]
    volumes_from: ["cache:ro", db]
    volumes: ["/own"]
    stop_signal: SIGKILL
configs: {page: {content: hello}}
secrets: {token: {environment: PASSWORD}}
networks: {back: {labels: {kind: inner}}}
volumes: {data: {}}
`

func TestWhatIsDeployedIsInSyncAndStaysUntouched(t *testing.T) {
	t.Parallel()
	s := newFixture(t, many)
	if err := os.Mkdir(filepath.Join(s.Environment.Dir, "page"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.deploy()
	s.synced()
	before := s.ids()
	s.deploy()
	if !slices.Equal(before, s.ids()) {
		t.Error("a deploy of the same has made containers anew")
	}
	live := s.observeWithFiles()
	if text := fmt.Sprintf("%+v", live); strings.Contains(text, "open sesame") {
		t.Errorf("what is live shows a secret: %s", text)
	}
	if _, whole := release.Assess(s.applied, live, nil); !whole.Healthy || !whole.InSync {
		t.Errorf("axes %+v", whole)
	}
	if glance, err := s.Observe(context.Background(), deploy.ObserveOptions{}); err != nil ||
		glance.Sum() != live.Sum() || len(glance.Model.Services["web"].SelfModified) > 0 {
		t.Errorf("a glance sees something else than a look, %+v, %v", glance, err)
	}
	var out bytes.Buffer
	if err := s.Logs(context.Background(), deploy.LogOptions{Services: []string{"migrate"}},
		&out); err != nil || !strings.HasSuffix(out.String(), "migrate-1 | migrated\n") {
		t.Errorf("logs %q, %v", out.String(), err)
	}
	if err := s.Logs(context.Background(), deploy.LogOptions{Services: []string{"nobody"}},
		&out); err == nil {
		t.Error("logs of a service that is not there")
	}
}
