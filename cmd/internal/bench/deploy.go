package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A checked project is one in which every service has a health check. ROUND is in the environment of the service that
// changes: it may not run twice, so that davit replaces it as Compose does, after the old container has stopped.
type checked struct{ name, what, compose string }

var (
	stack = checked{"stack", "web, redis and postgres", `services:
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
    environment: {POSTGRES_PASSWORD: example}
    healthcheck: {test: [CMD, pg_isready, -U, postgres], interval: 1s}
    stop_signal: SIGKILL
`}
	chain = checked{"chain", "a chain of five", checkedBusybox +
		`  one: {<<: *service, container_name: "${NAME}", environment: {ROUND: "${ROUND:-0}"}, depends_on: {two: {condition: service_healthy}}}
  two: {<<: *service, depends_on: {three: {condition: service_healthy}}}
  three: {<<: *service, depends_on: {four: {condition: service_healthy}}}
  four: {<<: *service, depends_on: {five: {condition: service_healthy}}}
  five: *service
`}
	ten = checked{"ten", "ten that do not wait for each other", checkedBusybox +
		"  s0: {<<: *service, container_name: \"${NAME}\", environment: {ROUND: \"${ROUND:-0}\"}}\n" +
		"  s1: *service\n  s2: *service\n  s3: *service\n  s4: *service\n  s5: *service\n  s6: *service\n  s7: *service\n" +
		"  s8: *service\n  s9: *service\n"}
)

const checkedBusybox = `x-service: &service
  image: busybox
  command: [sleep, infinity]
  healthcheck: {test: [CMD, "true"], interval: 1s}
  stop_signal: SIGKILL
services:
`

// deploys measures deploys that davit and "docker compose up -d --wait" make of the same project: to an engine that has
// nothing of it, with nothing to change, and with one changed service.
func deploys(of checked) setup {
	return func(ctx context.Context, b *bench, d *Davit) ([]Line, error) {
		compose, err := b.composeUp(ctx)
		if err != nil {
			return nil, err
		}
		p := deployment{b: b, davit: d, compose: compose, name: of.name, what: of.what,
			files: map[string]string{"compose.yaml": of.compose}}
		return p.compared(ctx)
	}
}

// deploysInOrder are the deploys of one project, each of which follows the one before: only one project is on the
// engine at a time, since the checks of the others would take most of a small machine.
var deploysInOrder = []string{"first deploy", "nothing changed", "one service changed"}

// compared returns the lines of a project. Each command has a project of its own, so that none finds what another made.
func (p deployment) compared(ctx context.Context) (lines []Line, err error) {
	own, err := p.series(ctx, p.davit.ID, func(dir, _ string) *Case { return p.davit.command(dir, "deploy", "dev", "--yes") })
	if err != nil {
		return nil, err
	}
	peer := p.b.once("deploy", p.name, func() (*Case, error) {
		return p.series(ctx, "peer", func(dir, name string) *Case {
			argv := []string{p.compose, "wait", name}
			return &Case{Name: "docker compose up -d --wait", Argv: argv, Dir: dir, Env: p.b.env}
		})
	})
	for _, what := range deploysInOrder {
		lines = append(lines, Line{What: p.what + ", " + what + ": `davit deploy dev --yes`", Davit: own, Peer: peer, Budget: times(1.1, 1)})
		own, peer = cmp.Or(own.Next, own), cmp.Or(peer.Next, peer)
	}
	return lines, nil
}

// series writes the project for one command, and returns the first of its cases. After each round it is removed from the
// engine.
func (p deployment) series(ctx context.Context, id string, command func(dir, name string) *Case) (*Case, error) {
	name := fmt.Sprintf("%s-bench-%s-%d", id, p.name, os.Getpid())
	p.files = map[string]string{"compose.yaml": p.files["compose.yaml"], ".env": variables(name, 0)}
	dir, err := p.write(id, name)
	if err != nil {
		return nil, err
	}
	cold, same, changed := command(dir, name), command(dir, name), command(dir, name)
	cold.Next, same.Next = same, changed
	at := filepath.Join(dir, ".env")
	cold.Before = func(int) error { return write(at, variables(name, 0)) }
	changed.Before = func(int) error { return write(at, variables(name, 1)) }
	cold.CleanUp = func() error {
		removeAll(filepath.Join(p.b.temp, "home", id, "state")) // what davit remembers of the records
		return p.call(context.WithoutCancel(ctx), dir, "clear", name)
	}
	p.b.later(cold.CleanUp)
	return cold, nil
}

// variables returns the variables of the Compose file.
func variables(name string, round int) string {
	return fmt.Sprintf("NAME=%s\nROUND=%d\n", strings.ReplaceAll(name, "_", "-"), round)
}
