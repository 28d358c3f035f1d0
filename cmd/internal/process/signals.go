package process

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// signals returns a context that the first Ctrl-C cancels, and a channel that the second one closes. SIGTERM,
// a closed terminal and a reader that stopped (davit test | head) count as Ctrl-C: steps run in process
// groups of their own, which would outlive davit. Under nohup a closed terminal is ignored.
func signals() (context.Context, <-chan struct{}) {
	ctx, cancel := context.WithCancel(context.Background())
	kill := make(chan struct{})
	caught := make(chan os.Signal, 2)
	signal.Notify(caught, os.Interrupt, syscall.SIGTERM, syscall.SIGPIPE)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(caught, syscall.SIGHUP)
	}
	go func() {
		<-caught
		cancel()
		<-caught
		close(kill)
	}()
	return ctx, kill
}
