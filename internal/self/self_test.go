//go:build linux || darwin

package self

import (
	"os/exec"
	"testing"
)

func TestGone(t *testing.T) {
	me := Get()
	if me.Exited() {
		t.Errorf("%+v is gone, and asks", me)
	}
	c := exec.Command("sleep", "100")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	child := Process{Host: me.Host, ID: c.Process.Pid, Space: me.Space}
	child.Began, _ = began(child.ID)
	if child.Began == "" || child.Exited() {
		t.Errorf("%+v is gone, and sleeps", child)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for !child.Exited() { // before its parent has asked how it ended, too
	}
	c.Wait()
	if !child.Exited() {
		t.Errorf("%+v is not gone", child)
	}
}

func TestGoneIsCertain(t *testing.T) {
	me := Get()
	again := me
	again.Began = "1"
	if !again.Exited() {
		t.Error("the process id of one that began at another time was used again, and it is not gone")
	}
	for name, change := range map[string]func(*Process){
		"another host":    func(p *Process) { p.Host += "x" },
		"another boot":    func(p *Process) { p.Space += "x" },
		"an unknown boot": func(p *Process) { p.Space = "" },
		"no beginning":    func(p *Process) { p.Began = "" }, "no id": func(p *Process) { p.ID = 0 },
	} {
		one := again
		if change(&one); one.Exited() {
			t.Errorf("%s: nobody can know that %+v is gone", name, one)
		}
	}
}
