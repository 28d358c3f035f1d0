package host

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// jobs is a shell that knows one job, the small davit: it puts it into the foreground, takes the terminal
// when it is stopped, and lets it go on.
func jobs() {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "HOST_TEST_OP=exec")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Foreground: true, Ctty: 0}
	if err := cmd.Start(); err != nil {
		fmt.Println(err)
		return
	}
	job := cmd.Process.Pid
	if err := unix.Waitid(unix.P_PID, job, nil, unix.WSTOPPED, nil); err == nil {
		reclaimTerminal(os.Stdin)
		fmt.Printf("stopped, the terminal is the shell's: %v\n", inForeground(os.Stdin))
		setForeground(os.Stdin, job)
		_ = unix.Kill(-job, unix.SIGCONT)
	}
	_ = cmd.Wait()
	reclaimTerminal(os.Stdin)
	fmt.Println("the job has ended")
}

func TestCtrlZGivesTheTerminalToTheShell(t *testing.T) {
	s := smallDavit(t, "jobs", asking)
	s.wait("running interactive=true")
	s.key("hello\n")
	s.wait("1\thello")
	s.key("\x1a")
	s.wait("stopped, the terminal is the shell's: true")
	s.key("again\n")
	s.wait("2\tagain")
	s.key("\x03")
	s.wait("heard")
	s.wait("end cancelled 130 foreground=true")
	s.wait("the job has ended")
}
