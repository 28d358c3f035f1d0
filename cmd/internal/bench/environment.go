package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// harbour is a project of six services, four of which are built: a migration, a database with a volume, and whatever waits for these.
var harbour = map[string]string{
	"compose.yaml": `services:
  web:
    build: ./web
    depends_on: {api: {condition: service_healthy}}
    stop_signal: SIGKILL
  api:
    build: ./api
    healthcheck: &probe {test: ["CMD", "true"], interval: 1s}
    depends_on: {db: {condition: service_healthy}, migrate: {condition: service_completed_successfully}}
    stop_signal: SIGKILL
  migrate:
    build: ./api
    command: ["true"]
    depends_on: {db: {condition: service_healthy}}
  worker:
    build: ./worker
    depends_on: [cache]
    stop_signal: SIGKILL
  db:
    image: busybox
    command: [sleep, infinity]
    volumes: ["data:/data"]
    healthcheck: *probe
    stop_signal: SIGKILL
  cache:
    image: busybox
    command: [sleep, infinity]
    stop_signal: SIGKILL
volumes: {data: {}}
`,
	"web/Dockerfile": image, "web/app": "web\n", "api/Dockerfile": image, "api/app": "api\n", "worker/Dockerfile": image, "worker/app": "worker\n",
}

// quay is the same without a migration, in which nothing waits for anything: the SDK then has next to nothing to do.
var quay = map[string]string{
	"compose.yaml": `services:
  web: &service {build: ./web, stop_signal: SIGKILL}
  api: {<<: *service, build: ./api}
  worker: {<<: *service, build: ./worker}
  db: {image: busybox, command: [sleep, infinity], volumes: ["data:/data"], stop_signal: SIGKILL}
  cache: {image: busybox, command: [sleep, infinity], stop_signal: SIGKILL}
volumes: {data: {}}
`,
	"web/Dockerfile": image, "web/app": "web\n", "api/Dockerfile": image, "api/app": "api\n", "worker/Dockerfile": image, "worker/app": "worker\n",
}

const image = "FROM busybox\nCOPY app /app\nCMD [\"sleep\", \"infinity\"]\n"

// environment is a deploy that has nothing to change, and looks at one, against "docker compose up -d" on containers of the same kind.
func environment(ctx context.Context, b *bench) (rows []Row, err error) {
	compose, err := b.composeUp(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range []mooring{
		{b, compose, "harbour", "nothing to change: `davit deploy dev --yes`", harbour},
		{b, compose, "quay", "the same, where no service waits for another", quay},
	} {
		measured, err := m.measure(ctx)
		if err != nil {
			return rows, err
		}
		rows = append(rows, measured...)
	}
	return rows, nil
}

// composeUp is the peer. It is built in davit's own module, which has the SDK.
func (b *bench) composeUp(ctx context.Context) (string, error) {
	out := filepath.Join(b.temp, "programs", "composeup"+exe())
	cmd := newCommand(ctx, b.environ, "", b.gocmd, "build", "-trimpath", "-ldflags", "-s -w", "-o", out, "github.com/davit-dev/davit/cmd/internal/bench/composeup")
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build composeup: %w: %s", err, lastLine(said))
	}
	return out, nil
}

// mooring is a project on an engine, twice: once as davit deployed it, and once as Compose did.
type mooring struct {
	b                   *bench
	compose, name, what string
	files               map[string]string
}

func (m mooring) measure(ctx context.Context) (rows []Row, err error) {
	name := fmt.Sprintf("davit-bench-%s-%d", m.name, os.Getpid())
	dir, err := m.lay(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, m.call(context.WithoutCancel(ctx), dir, "clear", name)) }()
	if err := m.call(ctx, dir, "clear", name); err != nil { // this also says that there is no engine
		return nil, err
	}
	davit := m.b.davitCase(dir, "deploy", "dev", "--yes")
	peer := &Case{Name: "docker compose up -d", Argv: []string{m.compose, "up", name + "-peer"}, Dir: dir, Env: m.b.env}
	if _, err := davit.run(ctx); err != nil {
		return nil, err
	}
	if err := m.call(ctx, dir, "images", name+"-dev", name+"-peer"); err != nil {
		return nil, err
	}
	cases := []*Case{davit, peer, m.b.davitCase(dir, "plan", "dev"), m.b.davitCase(dir, "env"), m.b.davitCase(dir, "status", "dev")}
	before := m.containers(ctx, dir, name)
	if err := interleave(ctx, cases, 2, m.b.runs); err != nil {
		return nil, err
	}
	if m.containers(ctx, dir, name) != before {
		davit.Err = errors.New("it has changed containers")
	}
	rows = []Row{compare(m.what, davit, peer, times(1.2))}
	for _, c := range cases[2:] {
		rows = append(rows, compare("there: `"+c.Name+"`", c, peer, noBudget))
	}
	return rows, nil
}

// lay writes the project.
func (m mooring) lay(name string) (string, error) {
	dir := filepath.Join(m.b.temp, "projects", m.name)
	for path, content := range m.files {
		if err := write(filepath.Join(dir, filepath.FromSlash(path)), content); err != nil {
			return "", err
		}
	}
	if err := write(filepath.Join(dir, "project.toml"), "[_]\nschema-version = \"0.2\"\nname = \""+name+"\"\n"); err != nil {
		return "", err
	}
	return dir, m.b.commit(dir)
}

func (m mooring) call(ctx context.Context, dir string, args ...string) error {
	said, err := newCommand(ctx, m.b.env, dir, append([]string{m.compose}, args...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, lastLine(said))
	}
	return nil
}

func (m mooring) containers(ctx context.Context, dir, name string) string {
	said, _ := newCommand(ctx, m.b.env, dir, m.compose, "containers", name+"-dev").Output()
	return string(said)
}
