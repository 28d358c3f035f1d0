package self

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// space returns the boot.
func space() string {
	boot, _ := unix.Sysctl("kern.bootsessionuuid") // without it, no process is considered ended
	return boot
}

// began returns when a process was started; ended reports that there is none.
func began(id int) (at string, ended bool) {
	if err := unix.Kill(id, 0); errors.Is(err, unix.ESRCH) {
		return "", true
	}
	p, err := unix.SysctlKinfoProc("kern.proc.pid", id)
	if err != nil {
		return "", false
	}
	return fmt.Sprintf("%d.%06d", p.Proc.P_starttime.Sec, p.Proc.P_starttime.Usec), p.Proc.P_stat == zombie
}

// zombie is the state of a process that has ended and that its parent has not waited for.
const zombie = 5
