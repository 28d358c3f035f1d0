package host

import (
	"os/exec"
	"syscall"
	"testing"

	"github.com/davit-dev/davit/internal/limittest"
)

// Processes that cannot be looked at, for lack of file descriptors, are not taken for ended.
func TestWithoutDescriptorsAProcessGroupIsStillStopped(t *testing.T) {
	cmd := exec.Command("sh", "-c", "sleep 1000 & sleep 1000")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tree := newProcessTree(&group{leader: cmd.Process.Pid, birth: birthOf(cmd.Process.Pid)},
		syscall.SIGINT, &groups{}, false)
	limittest.Descriptors(t, 0, func() {
		if !tree.alive() {
			t.Error("it is taken for ended")
		}
		ended := make(chan struct{})
		go func() {
			_ = cmd.Wait()
			close(ended)
		}()
		tree.kill(ended)
		<-ended
	})
	if tree.alive() {
		t.Error("something of it lives")
		tree.signal(syscall.SIGKILL)
	}
}
