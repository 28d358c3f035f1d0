package plugins

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/text"
)

// reason returns why a process gave no reply. It never shows what the runtime of Go has to say about it.
func (c *child) reason(m *Module, err error) error {
	var ended *exec.ExitError
	used := time.Duration(0)
	if c.ProcessState != nil {
		used = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	}
	waited, limit := time.Since(c.begun), c.host.Time+loadTime
	switch {
	case c.ctx.Err() != nil:
		return context.Cause(c.ctx)
	case used >= limit-time.Second: // the system counts a little differently
		return &Error{Plugin: m.Manifest.Name, Digest: m.Digest, TooLong: true,
			Reason: (&timeoutError{limit}).Error()}
	case waited > c.host.Wait+loadWait:
		return &BusyError{Plugin: m.Manifest.Name, Digest: m.Digest, Used: used, Waited: waited}
	case !errors.As(err, &ended):
		return m.fault("its process gave no answer: %v", err)
	}
	return c.crash(m, ended)
}

// crash returns why a process ended without having been stopped.
func (c *child) crash(m *Module, ended *exec.ExitError) error {
	last := c.stderr.String()
	switch {
	case ended.ExitCode() == codeMemory, containsAny(last, "out of memory", "cannot allocate memory"):
		return m.fault("needs more than %d MiB of memory", processMemory>>20)
	case containsAny(last, "stack overflow", "stack exceeds"):
		return m.fault("crashed: stack overflow")
	}
	reason := "its process ended without an answer (" + ended.Error() + ")"
	if line := text.FirstLine(clean([]byte(last))); line != "" {
		reason += ": " + line
	}
	return m.fault("%s", reason)
}

func containsAny(s string, all ...string) bool {
	for _, part := range all {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}
