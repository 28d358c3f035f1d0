package docker

import (
	"fmt"
	"slices"
	"testing"
)

const restarted = `
services:
  db:
    image: busybox
    command: [sleep, "1000"]
    environment: {VERSION: "%s"}
    stop_signal: SIGKILL
  web:
    image: busybox
    command: [sleep, "1000"]
    depends_on: {db: {condition: service_started, restart: true}}
    stop_signal: SIGKILL
  side:
    image: busybox
    command: [sleep, "1000"]
    network_mode: "service:db"
    stop_signal: SIGKILL
`

// TestWhatNeedsItIsRestarted: the container stays, and what runs in it begins anew. What lives in the network
// of a container that goes is replaced with it.
func TestWhatNeedsItIsRestarted(t *testing.T) {
	t.Parallel()
	s := newFixture(t, fmt.Sprintf(restarted, "v1"))
	s.deploy()
	before, side, began := s.ids("web"), s.ids("side"), s.live().Containers["web"][0].Started
	s.write(fmt.Sprintf(restarted, "v2"))
	s.deploy()
	if !slices.Equal(before, s.ids("web")) || !s.live().Containers["web"][0].Started.After(began) {
		t.Error("web was not restarted, or replaced")
	}
	if slices.Equal(side, s.ids("side")) {
		t.Error("side lives in a network that is gone")
	}
	s.synced()
}

const remembering = `
x-service: &service
  image: busybox
  command: [sh, -c, "trap 'exit 0' TERM; sleep 1000 & wait"]
  deploy: {update_config: {monitor: 1s}}
services:
  client:
    <<: *service
    ports: ["80"]
    deploy: {update_config: {monitor: 4s}}
  web:
    <<: *service
    environment: {VERSION: "%s"}
    depends_on: [client]
networks: {default: {ipam: {config: [{subnet: 10.213.77.0/24}]}}}
`

// TestClientThatStartsBefore: a client that remembers the address of a service that depends on it restarts once, when the
// service has been replaced, and not in its own turn before, so that nothing takes its end for a failure.
func TestClientThatStartsBefore(t *testing.T) {
	t.Parallel()
	s := newFixture(t, fmt.Sprintf(remembering, "v1"))
	s.deploy()
	began := s.live().Containers["client"][0].Started
	s.write(fmt.Sprintf(remembering, "v2"))
	s.deploy()
	live := s.live()
	client, web := live.Containers["client"][0].Started, live.Containers["web"][0].Started
	if !client.After(began) || client.Before(web) {
		t.Errorf("client started at %v, and before at %v; web at %v", client, began, web)
	}
	s.synced()
}
