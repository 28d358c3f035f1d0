package docker

import (
	"context"
	"fmt"
	"net"
	"testing"
)

func TestTwoProjectsWithOnePort(t *testing.T) {
	t.Parallel()
	const ported = "services: {web: {image: busybox, command: [sleep, \"1000\"], stop_grace_period: 0s, ports: [\"127.0.0.1:%s:80\"]}}"
	s, other := newFixture(t, fmt.Sprintf(ported, "18479")), newFixture(t, fmt.Sprintf(ported, "18479"))
	s.deploy()
	s.synced()
	_, r := other.proposal()
	all, err := other.Conflicts(context.Background(), r.Model)
	if err != nil || len(all) != 1 || all[0].Wants != "127.0.0.1:18479" ||
		all[0].Owner != fmt.Sprintf("project %q", s.Environment.Instance()) {
		t.Errorf("conflicts %v, %v", all, err)
	}
	freed, err := other.ReassignPorts(context.Background(), r, all)
	if err != nil || freed.Model.Services["web"].Fields["ports.80/tcp"] != "127.0.0.1:any" {
		t.Errorf("freed: %+v, %v", freed.Model, err)
	}
	if all, err := other.Conflicts(context.Background(), freed.Model); err != nil || len(all) != 0 {
		t.Errorf("conflicts of what is free: %v, %v", all, err)
	}
	if _, r := s.proposal(); r.Model.Project != "" {
		if all, err := s.Conflicts(context.Background(), r.Model); err != nil || len(all) != 0 {
			t.Errorf("conflicts with itself: %v, %v", all, err)
		}
	}
}

// TestAPortOfAProgram: the engine does not know who has it, but this machine does.
func TestAPortOfAProgram(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := newFixture(t, fmt.Sprintf("services: {web: {image: busybox, ports: [\"%s:80\"]}}", l.Addr()))
	if !(conflicts{s.engine, s.project, owner{}}).sharesHost(context.Background()) {
		t.Skip("the engine has another network than this test")
	}
	_, r := s.proposal()
	all, err := s.Conflicts(context.Background(), r.Model)
	if err != nil || len(all) != 1 ||
		all[0].PortReassignment() != fmt.Sprintf(
			"web: port %s is taken by a program on this machine, so any free port is used", l.Addr()) {
		t.Errorf("conflicts %v, %v", all, err)
	}
}
