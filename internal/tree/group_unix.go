//go:build unix

package tree

import (
	"os/exec"
	"syscall"
)

// Shield has a program not end by the Ctrl-C that davit gets: a terminal sends it to all programs of one group. The context of
// the command still ends it.
func Shield(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
