package host

import (
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// suspend does for a process that owns the terminal what a shell does for its jobs: when Ctrl-Z stops the
// process, it stops davit too, so that the calling shell gets the terminal, and when davit is continued, it
// continues the process. It returns when the process has ended.
func suspend(terminal *os.File, group int) {
	woken := make(chan os.Signal, 1)
	signal.Notify(woken, unix.SIGCONT)
	defer signal.Stop(woken)
	for unix.Waitid(unix.P_PID, group, nil, unix.WSTOPPED, nil) == nil {
		reclaimTerminal(terminal)
		_ = unix.Kill(0, unix.SIGTSTP) // all that Ctrl-Z would have stopped
		select {
		case <-woken:
		case <-time.After(time.Second): // no shell continues it, so the system did not stop it
		}
		if inForeground(terminal) {
			setForeground(terminal, group)
		}
		_ = unix.Kill(-group, unix.SIGCONT)
	}
}
