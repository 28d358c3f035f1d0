package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// signals returns a context that the first Ctrl-C cancels, and a channel that the second one closes.
func signals() (context.Context, <-chan struct{}) {
	ctx, cancel := context.WithCancel(context.Background())
	kill := make(chan struct{})
	caught := make(chan os.Signal, 2)
	signal.Notify(caught, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-caught
		cancel()
		<-caught
		close(kill)
	}()
	return ctx, kill
}
