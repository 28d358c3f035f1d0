package self

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// space is the boot.
func space() string {
	boot, _ := unix.Sysctl("kern.bootsessionuuid") // without it, nobody is said to be gone
	return boot
}

// began is when a process was started; ended says that there is none.
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

// zombie is a process that has ended and whose parent has not noticed.
const zombie = 5
