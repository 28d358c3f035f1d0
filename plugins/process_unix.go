//go:build unix

package plugins

import (
	"os/exec"
	"syscall"
)

// processLimits are those that davit sets from outside; here the process sets its own.
type processLimits struct{}

// start starts a process in a group of its own: Ctrl-C is for davit, which then kills it.
func (processLimits) start(c *exec.Cmd) error {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return c.Start()
}

func (processLimits) kill(c *exec.Cmd) { syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }

func (processLimits) release() {}
