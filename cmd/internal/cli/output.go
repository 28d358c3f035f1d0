package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/fault"
)

// checkOutput returns the error that davit ends with: err or, if there is none, that of standard output. A
// full disk is said in one sentence on standard error, also beside another error. A reader that has ended, as
// in davit targets | head, is no news to anybody.
func (c *call) checkOutput(err error) error {
	out := c.Streams.OutError()
	if out == nil {
		return err
	}
	if errors.Is(err, out) {
		err = nil
	}
	if errors.Is(out, syscall.EPIPE) {
		return cmp.Or[error](err, &app.SilentError{Code: fault.OutputClosed})
	}
	if path, ok := errors.AsType[*fs.PathError](out); ok {
		out = path.Err
	}
	c.Streams.Error(fmt.Errorf("standard output cannot be written: %w", out))
	return cmp.Or(err, out)
}
