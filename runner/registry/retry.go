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

	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/registry/remote/errcode"
)

// maxTries is how often a request is sent, and firstDelay is the wait before the second one. Each further
// wait is twice as long.
const (
	maxTries   = 6
	firstDelay = 250 * time.Millisecond
)

// retry repeats an action after errors that may be transient.
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

// isTransient reports whether a repetition may succeed. A registry that has not answered at all is not tried
// again.
func isTransient(err error, try int) bool {
	var response *errcode.ErrorResponse
	if errors.As(err, &response) {
		return response.StatusCode >= 500 || response.StatusCode == http.StatusTooManyRequests
	}
	var redirect *redirectError
	if errors.As(err, &redirect) {
		return false
	}
	var dial *net.OpError
	if try == 1 && errors.As(err, &dial) && dial.Op == "dial" {
		return false
	}
	var urlErr *url.Error
	return errors.As(err, &urlErr) && !certificate(err) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, io.EOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, net.ErrClosed)
}

// reason returns the essential part of an error.
func reason(err error) string {
	var response *errcode.ErrorResponse
	if errors.As(err, &response) {
		return http.StatusText(response.StatusCode)
	}
	switch {
	case errors.Is(err, content.ErrTrailingData):
		return "it served more than it announced"
	case errors.Is(err, content.ErrMismatchedDigest):
		return "it served something else than what has that digest"
	}
	if credential, is := errors.AsType[*credentialError](err); is {
		return credential.Error()
	}
	var urlErr *url.Error
	if errors.As(err, &urlErr) {
		err = urlErr.Err
	}
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return err.Error()
}
