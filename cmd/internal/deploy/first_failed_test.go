package deploy_test

import (
	"fmt"
	"slices"
	"testing"
)

const firstFailed = `services:
  db:
    image: busybox
    command: [sleep, "1000"]
    volumes: ["data:/data"]
    logging: {driver: json-file}
    dns: 10.0.0.1
  migrate:
    image: busybox
    command: [sh, -c, "exit %d"]
    depends_on: {db: {condition: service_started}}
  web:
    image: busybox
    command: [sh, -c, "%s"]
    depends_on: {migrate: {condition: service_completed_successfully}}
volumes: {data: {}}
`

// TestWhatAFailedFirstReleaseHasStarted: what it has started as the next release wants it is not replaced, and it is judged
// by the release that has started it.
func TestWhatAFailedFirstReleaseHasStarted(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", fmt.Sprintf(firstFailed, 0, "exit 3"))
	if _, err := f.deploy("dev"); err == nil {
		t.Fatal("a service that ends was deployed")
	}
	s := f.status("dev")
	if m := s.Services["migrate"]; !m.Healthy || !m.InSync || s.Healthy || s.InSync || s.Failed == nil {
		t.Errorf("status %+v", s)
	}
	db := f.live("dev").Containers["db"][0].ID
	f.compose(fmt.Sprintf(firstFailed, 0, "exec sleep 1000"))
	f.deployed("dev")
	var names []string
	for _, c := range f.proposals[len(f.proposals)-1].Plan.Changes {
		names = append(names, c.Name)
	}
	if slices.Contains(names, "db") || !slices.Contains(names, "web") {
		t.Errorf("planned %q", names)
	}
	if f.live("dev").Containers["db"][0].ID != db {
		t.Error("the database was replaced")
	}
}

func TestStatusNamesTheJobThatFailed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", fmt.Sprintf(firstFailed, 4, "exec sleep 1000"))
	if _, err := f.deploy("dev"); err == nil {
		t.Fatal("a job that fails was deployed")
	}
	s := f.status("dev")
	if m, web := s.Services["migrate"], s.Services["web"]; m.Healthy || m.Reason == "" || web.Healthy || web.Reason == "" ||
		s.Healthy || s.Reason == "" {
		t.Errorf("status %+v", s.Services)
	}
}
