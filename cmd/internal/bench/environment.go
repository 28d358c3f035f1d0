package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// waiting is a project of six services, four of which are built: a migration, a database with a volume, and
// services that wait for these.
var waiting = map[string]string{
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
	"web/Dockerfile": image, "web/app": "web\n", "api/Dockerfile": image, "api/app": "api\n",
	"worker/Dockerfile": image, "worker/app": "worker\n",
}

// independent is the same project without the migration, in which no service waits for another: the SDK then
// has next to nothing to do.
var independent = map[string]string{
	"compose.yaml": `services:
  web: &service {build: ./web, stop_signal: SIGKILL}
  api: {<<: *service, build: ./api}
  worker: {<<: *service, build: ./worker}
  db: {image: busybox, command: [sleep, infinity], volumes: ["data:/data"], stop_signal: SIGKILL}
  cache: {image: busybox, command: [sleep, infinity], stop_signal: SIGKILL}
volumes: {data: {}}
`,
	"web/Dockerfile": image, "web/app": "web\n", "api/Dockerfile": image, "api/app": "api\n",
	"worker/Dockerfile": image, "worker/app": "worker\n",
}

const image = "FROM busybox\nCOPY app /app\nCMD [\"sleep\", \"infinity\"]\n"

// environment measures a deploy that has nothing to change, and commands that only read, against "docker
// compose up -d" on as many containers of the same images.
func environment(ctx context.Context, b *bench, d *Davit) (lines []Line, err error) {
	compose, err := b.composeUp(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range []deployment{
		{b, d, compose, "waiting", "nothing to change: `davit deploy dev --yes`", waiting},
		{b, d, compose, "independent", "the same, where no service waits for another", independent},
	} {
		more, err := p.lines(ctx)
		if err != nil {
			return nil, err
		}
		lines = append(lines, more...)
	}
	return lines, nil
}

// composeUp builds the peer, unless that was done before. It is in davit's own module, which has the SDK.
func (b *bench) composeUp(ctx context.Context) (string, error) {
	out := filepath.Join(b.temp, "programs", "composeup"+exe())
	if _, err := os.Stat(out); err == nil {
		return out, nil
	}
	const pkg = "github.com/davit-dev/davit/cmd/internal/bench/composeup"
	cmd := newCommand(ctx, b.environ, "", b.gocmd, "build", "-trimpath", "-ldflags", "-s -w", "-o", out, pkg)
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build composeup: %w: %s", err, lastLine(output))
	}
	return out, nil
}

// A deployment is a project on an engine, once deployed by davit, and once by Compose.
type deployment struct {
	b                   *bench
	davit               *Davit
	compose, name, what string
	files               map[string]string
}

func (p deployment) lines(ctx context.Context) ([]Line, error) {
	name := fmt.Sprintf("%s-bench-%s-%d", p.davit.ID, p.name, os.Getpid())
	dir, err := p.write(p.davit.ID, name)
	if err != nil {
		return nil, err
	}
	deploy := p.davit.command(dir, "deploy", "dev", "--yes")
	peer := p.b.once("environment", p.name, func() (*Case, error) {
		argv := []string{p.compose, "up", name + "-peer"}
		return &Case{Name: "docker compose up -d", Argv: argv, Dir: dir, Env: p.b.env}, nil
	})
	lines := []Line{{What: p.what, Davit: deploy, Peer: peer, Budget: times(1.2, 0.5)}}
	for _, args := range [][]string{{"plan", "dev"}, {"env"}, {"status", "dev"}} {
		c := p.davit.command(dir, args...)
		lines = append(lines, Line{What: "there: `" + c.Name + "`", Davit: c, Peer: peer, Budget: noBudget})
	}
	if err := p.start(ctx, dir, name, deploy); err != nil {
		for _, l := range lines {
			l.Davit.Err = err
		}
		return lines, nil
	}
	before := p.containers(ctx, dir, name)
	deploy.After = func() error {
		if p.containers(ctx, dir, name) != before {
			return errors.New("it changed containers")
		}
		return nil
	}
	return lines, nil
}

// start deploys the project by davit, and provides the images for the deploy by Compose.
func (p deployment) start(ctx context.Context, dir, name string, deploy *Case) error {
	if err := p.call(ctx, dir, "clear", name); err != nil { // this also finds out whether there is an engine
		return err
	}
	p.b.later(func() error { return p.call(context.WithoutCancel(ctx), dir, "clear", name) })
	if _, err := deploy.run(ctx); err != nil {
		return err
	}
	return p.call(ctx, dir, "images", name+"-dev", name+"-peer")
}

// write writes the project that commands of an id have.
func (p deployment) write(id, name string) (string, error) {
	dir := filepath.Join(p.b.temp, "projects", id, p.name)
	if err := writeAll(dir, p.files); err != nil {
		return "", err
	}
	toml := "[_]\nschema-version = \"0.2\"\nname = \"" + name + "\"\n"
	if err := write(filepath.Join(dir, "project.toml"), toml); err != nil {
		return "", err
	}
	return dir, p.b.commit(dir)
}

func (p deployment) call(ctx context.Context, dir string, args ...string) error {
	output, err := newCommand(ctx, p.b.env, dir, append([]string{p.compose}, args...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, lastLine(output))
	}
	return nil
}

func (p deployment) containers(ctx context.Context, dir, name string) string {
	output, _ := newCommand(ctx, p.b.env, dir, p.compose, "containers", name+"-dev").Output()
	return string(output)
}
