//go:build unix

package process

import (
	"os"
	"syscall"
	"testing"
	"time"
)

func TestSignalsAskToStopAndThenKill(t *testing.T) {
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE} {
		t.Run(s.String(), func(t *testing.T) {
			ctx, kill := signals()
			sendUntil(t, s, ctx.Done())
			sendUntil(t, s, kill)
		})
	}
}

// sendUntil sends a signal to this process until seen is closed.
func sendUntil(t *testing.T, s os.Signal, seen <-chan struct{}) {
	t.Helper()
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		if err := self.Signal(s); err != nil {
			t.Fatal(err)
		}
		select {
		case <-seen:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Errorf("%v was not received", s)
}
