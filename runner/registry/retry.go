package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"oras.land/oras-go/v2/registry/remote/errcode"
)

// tries are how often a push is taken up, and patience is how long davit waits before the second; each further wait is twice as long.
const (
	maxTries   = 6
	firstDelay = 250 * time.Millisecond
)

// retry does something again for as long as what ends it may pass.
func retry(ctx context.Context, say func(string), do func() error) error {
	wait := firstDelay
	for try := 1; ; try++ {
		err := do()
		if err == nil || try == maxTries || ctx.Err() != nil || !isTransient(err, try) {
			return err
		}
		say(fmt.Sprintf("the connection broke (%s), trying again", reason(err)))
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
		wait *= 2
	}
}

// isTransient tells whether an error may be gone the next time. A registry that never answered is not there.
func isTransient(err error, try int) bool {
	var said *errcode.ErrorResponse
	if errors.As(err, &said) {
		return said.StatusCode >= 500 || said.StatusCode == http.StatusTooManyRequests
	}
	var dial *net.OpError
	if try == 1 && errors.As(err, &dial) && dial.Op == "dial" {
		return false
	}
	var sent *url.Error
	return errors.As(err, &sent) && !certificate(err) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, net.ErrClosed)
}

// reason is what an error comes down to.
func reason(err error) string {
	var said *errcode.ErrorResponse
	if errors.As(err, &said) {
		return http.StatusText(said.StatusCode)
	}
	var sent *url.Error
	if errors.As(err, &sent) {
		err = sent.Err
	}
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return err.Error()
}
