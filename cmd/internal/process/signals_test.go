//go:build unix

package process

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/fault"
)

// noExit lets the test go on.
func noExit(int) {}

func TestSignalsAskToStopAndThenKill(t *testing.T) {
	for s, want := range map[os.Signal]fault.Category{os.Interrupt: fault.Interrupted,
		syscall.SIGTERM: fault.Terminated, syscall.SIGHUP: fault.HungUp} {
		t.Run(s.String(), func(t *testing.T) {
			ctx, kill := signals(nil, noExit)
			sendUntil(t, s, ctx.Done())
			if got := fault.StopOf(ctx).Category(); got != want || ctx.Err() != context.Canceled {
				t.Errorf("got %v, wanted %v", got, want)
			}
			sendUntil(t, s, kill)
		})
	}
}

func TestAReaderThatHasEndedStops(t *testing.T) {
	closed := make(chan struct{})
	ctx, kill := signals(closed, noExit)
	close(closed)
	<-ctx.Done()
	if got := fault.StopOf(ctx).Category(); got != fault.OutputClosed {
		t.Errorf("got %v", got)
	}
	sendUntil(t, os.Interrupt, kill)
}

// A connection whose other end is gone gives an error to whoever writes, and stops nothing.
func TestABrokenConnectionIsAnOrdinaryError(t *testing.T) {
	ctx, _ := signals(nil, noExit)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	server.(*net.TCPConn).SetLinger(0) // it is reset
	server.Close()
	for !errors.Is(err, syscall.EPIPE) {
		_, err = conn.Write(make([]byte, 1<<20))
	}
	r, w, _ := os.Pipe()
	r.Close()
	if _, err := w.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("a pipe: %v", err)
	}
	sendUntil(t, syscall.SIGTERM, ctx.Done())
	if got := fault.StopOf(ctx).Category(); got != fault.Terminated {
		t.Errorf("it counts as %v", got)
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
