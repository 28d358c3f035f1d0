//go:build unix

package host

import (
	"errors"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

func attributes(c command) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: !c.joined}
	if c.terminal != nil {
		a.Foreground, a.Ctty = true, int(c.terminal.Fd())
	}
	return a
}

func arguments(c command) []string { return c.argv }

func busy(err error) bool          { return errors.Is(err, syscall.ETXTBSY) }
func notExecutable(err error) bool { return errors.Is(err, syscall.ENOEXEC) }

func signalOf(state *os.ProcessState) (name string, number int) {
	status, ok := state.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return "", 0
	}
	return unix.SignalName(status.Signal()), int(status.Signal())
}

func isTerminal(f *os.File) bool {
	_, ok := foreground(f)
	return ok
}

// foreground returns the process group in the foreground of a terminal.
func foreground(f *os.File) (group int, ok bool) {
	if f == nil {
		return 0, false
	}
	group, err := unix.IoctlGetInt(int(f.Fd()), unix.TIOCGPGRP)
	return group, err == nil
}

// inForeground reports whether a file is a terminal that has this process in its foreground. Only then may it
// be passed on.
func inForeground(f *os.File) bool {
	group, ok := foreground(f)
	return ok && group == unix.Getpgrp()
}

// reclaimTerminal puts this process back into the foreground of its terminal.
func reclaimTerminal(f *os.File) { setForeground(f, unix.Getpgrp()) }

// setForeground puts a process group into the foreground of a terminal. A process in the background may only
// do that with SIGTTOU ignored.
func setForeground(f *os.File, group int) {
	signal.Ignore(syscall.SIGTTOU)
	defer signal.Reset(syscall.SIGTTOU)
	_ = unix.IoctlSetPointerInt(int(f.Fd()), unix.TIOCSPGRP, group) // the terminal may be gone
}
