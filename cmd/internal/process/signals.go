package process

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/davit-dev/davit/internal/fault"
)

// stopSignals are the signals that end davit. Steps get the same one: they run in process groups of their
// own, which would outlive davit.
var stopSignals = map[os.Signal]fault.Category{
	os.Interrupt: fault.Interrupted, syscall.SIGTERM: fault.Terminated, syscall.SIGHUP: fault.HungUp,
}

// repeatInterval is how long the same signal counts as the first one. Several that come at once are one
// request: timeout(1) signals davit and then the group that davit is in, and npm passes on the Ctrl-C that
// the terminal has sent to davit too.
const repeatInterval = 100 * time.Millisecond

// lastWords is how long davit may kill its steps and say so after the second signal.
const lastWords = 700 * time.Millisecond

// signals returns a context that the first signal ends, with a *fault.StopError as its cause, and a channel
// that the second one closes. A reader of the output that has ended, which closes the channel closed, counts
// as a signal. Under nohup a closed terminal is ignored.
//
// Whatever davit does then, exit is called within a second of the second signal, with the exit code of the first.
func signals(closed <-chan struct{}, exit func(code int)) (context.Context, <-chan struct{}) {
	ctx, cancel := context.WithCancelCause(context.Background())
	kill := make(chan struct{})
	caught := make(chan os.Signal, 8)
	for s := range stopSignals {
		if s != syscall.SIGHUP || !signal.Ignored(s) {
			signal.Notify(caught, s)
		}
	}
	surviveSIGPIPE()
	go func() {
		first := os.Signal(syscall.SIGPIPE)
		select {
		case first = <-caught:
			cancel(fault.NewStop(stopSignals[first]))
		case <-closed:
			cancel(fault.NewStop(fault.OutputClosed))
		}
		for since := time.Now(); ; {
			if next := <-caught; next != first || time.Since(since) > repeatInterval {
				close(kill)
				time.AfterFunc(lastWords, func() { exit(exitCode(first)) })
				return
			}
		}
	}()
	return ctx, kill
}

// exitCode returns the exit code by which shells report a signal.
func exitCode(s os.Signal) int {
	number, _ := s.(syscall.Signal)
	return 128 + int(number)
}

// surviveSIGPIPE lets davit live when it writes to a closed output, so that it can end its steps. It does so
// by catching SIGPIPE, which programs that davit starts do not inherit. The signal itself says nothing: it
// also comes when the other end of a connection is gone, where the write returns an error like any other.
func surviveSIGPIPE() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
