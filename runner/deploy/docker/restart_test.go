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
