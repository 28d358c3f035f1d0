package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// checkedServices are projects in which every service has a health check. ROUND is in the environment of the service
// that changes: it may not run twice, so that davit replaces it as Compose does, after the old container has stopped.
var checkedServices = []struct{ name, what, compose string }{
	{"stack", "web, redis and postgres", `services:
  web:
    image: nginx:1
    ports: ["127.0.0.1::80"]
    container_name: ${NAME}
    environment: {ROUND: "${ROUND:-0}"}
    healthcheck: {test: [CMD, curl, -fs, "http://127.0.0.1/"], interval: 1s}
    depends_on: {redis: {condition: service_healthy}, postgres: {condition: service_healthy}}
    stop_signal: SIGKILL
  redis:
    image: redis:7
    healthcheck: {test: [CMD, redis-cli, ping], interval: 1s}
    stop_signal: SIGKILL
  postgres:
    image: postgres:15
    environment: {POSTGRES_HOST_AUTH_METHOD: trust}
    healthcheck: {test: [CMD, pg_isready, -U, postgres], interval: 1s}
    stop_signal: SIGKILL
`},
	{"chain", "a chain of five", checkedBusybox + `  one: {<<: *service, container_name: "${NAME}", environment: {ROUND: "${ROUND:-0}"}, depends_on: {two: {condition: service_healthy}}}
  two: {<<: *service, depends_on: {three: {condition: service_healthy}}}
  three: {<<: *service, depends_on: {four: {condition: service_healthy}}}
  four: {<<: *service, depends_on: {five: {condition: service_healthy}}}
  five: *service
`},
	{"ten", "ten that do not wait for each other", checkedBusybox +
		"  s0: {<<: *service, container_name: \"${NAME}\", environment: {ROUND: \"${ROUND:-0}\"}}\n" +
		"  s1: *service\n  s2: *service\n  s3: *service\n  s4: *service\n  s5: *service\n  s6: *service\n  s7: *service\n" +
		"  s8: *service\n  s9: *service\n"},
}

const checkedBusybox = `x-service: &service
  image: busybox
  command: [sleep, infinity]
  healthcheck: {test: [CMD, "true"], interval: 1s}
  stop_signal: SIGKILL
services:
`

// deploys measures deploys that davit and "docker compose up -d --wait" make of the same projects: to an engine that has
// nothing of them, with one changed service, and with nothing to change.
func deploys(ctx context.Context, b *bench, d *Davit) (lines []Line, err error) {
	compose, err := b.composeUp(ctx)
	if err != nil {
		return nil, err
	}
	for _, one := range checkedServices {
		p := deployment{b: b, davit: d, compose: compose, name: one.name, what: one.what,
			files: map[string]string{"compose.yaml": one.compose}}
		more, err := p.compared(ctx)
		if err != nil {
			return nil, err
		}
		lines = append(lines, more...)
	}
	return lines, nil
}

// compared returns the lines of a project. Each command has a project of its own, so that none finds what another made.
func (p deployment) compared(ctx context.Context) (lines []Line, err error) {
	for _, one := range []struct {
		name, what string
		prepare    func(q deployment, dir, name string) func(int) error
	}{
		{"cold", "first deploy", func(q deployment, dir, name string) func(int) error {
			return func(int) error {
				removeAll(filepath.Join(q.b.temp, "home", q.davit.ID, "state")) // what davit remembers of the records
				return q.call(ctx, dir, "clear", name)
			}
		}},
		{"changed", "one service changed", func(_ deployment, dir, name string) func(int) error {
			return func(round int) error { return writeVariables(dir, name, round) }
		}},
		{"same", "nothing changed", func(deployment, string, string) func(int) error { return nil }},
	} {
		l := Line{What: p.what + ", " + one.what + ": `davit deploy dev --yes`", Budget: times(1.1, 1)}
		q := p
		q.name = p.name + "-" + one.name
		if l.Davit, err = q.checked(ctx, p.davit.ID, func(dir, _ string) *Case {
			return p.davit.command(dir, "deploy", "dev", "--yes")
		}, one.prepare); err != nil {
			return nil, err
		}
		l.Peer = p.b.once("deploy", q.name, func() (*Case, error) {
			return q.checked(ctx, "peer", func(dir, name string) *Case {
				argv := []string{p.compose, "wait", name}
				return &Case{Name: "docker compose up -d --wait", Argv: argv, Dir: dir, Env: p.b.env}
			}, one.prepare)
		})
		lines = append(lines, l)
	}
	return lines, nil
}

// checked writes the project for one command, and returns the case. It is removed from the engine after the group.
func (p deployment) checked(
	ctx context.Context, id string, command func(dir, name string) *Case, prepare func(deployment, string, string) func(int) error,
) (*Case, error) {
	name := fmt.Sprintf("%s-bench-%s-%d", id, p.name, os.Getpid())
	dir := filepath.Join(p.b.temp, "projects", id, p.name)
	toml := "[_]\nschema-version = \"0.2\"\nname = \"" + name + "\"\n"
	if err := writeAll(dir, p.files); err != nil {
		return nil, err
	}
	if err := write(filepath.Join(dir, "project.toml"), toml); err != nil {
		return nil, err
	}
	if err := writeVariables(dir, name, 0); err != nil {
		return nil, err
	}
	c := command(dir, name)
	c.Before = prepare(p, dir, name)
	p.b.later(func() error { return p.call(context.WithoutCancel(ctx), dir, "clear", name) })
	return c, p.b.commit(dir)
}

// writeVariables writes the variables of the Compose file.
func writeVariables(dir, name string, round int) error {
	return write(filepath.Join(dir, ".env"), fmt.Sprintf("NAME=%s\nROUND=%d\n", strings.ReplaceAll(name, "_", "-"), round))
}
