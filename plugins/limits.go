package plugins

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// The limits of a run, unless the options of its Host say otherwise.
//
// The one on the interpreter is about what it takes to compile a module on one core, so that nobody waits for
// much more than twice the shorter way.
const (
	maxTime        = 10 * time.Second // processor time
	maxInterpreted = 2 * time.Second  // of it, in the interpreter
	maxWait        = 5 * time.Minute
	maxRead        = 1 << 30 // bytes
)

// errSlow stops an interpreted plugin that will be compiled.
var errSlow = errors.New("it is too slow in the interpreter")

// errRead stops a plugin that reads without end.
var errRead = fmt.Errorf("read more than %d MiB of files", maxRead>>20)

// A timeoutError is the reason to stop a plugin that used all of its processor time.
type timeoutError struct{ limit time.Duration }

func (e *timeoutError) Error() string {
	return fmt.Sprintf("did not answer within %s of processor time", e.limit)
}

// watchInterval is how often the time of a run is checked.
const watchInterval = 20 * time.Millisecond

// watch stops a run that takes too long. It returns when ctx is done. Used returns the processor time that
// the run has had so far.
func (h *Host) watch(
	ctx context.Context, l *loaded, used func() time.Duration, stop context.CancelCauseFunc,
) {
	start := time.Now()
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := h.exceeded(l, used(), time.Since(start)); err != nil {
				stop(err)
			}
		}
	}
}

// exceeded returns the limit that a run has reached, or nil.
func (h *Host) exceeded(l *loaded, used, waited time.Duration) error {
	switch {
	case used > h.Time:
		return &timeoutError{h.Time}
	case l.from == FromInterpreter && used > h.interpreted:
		return errSlow
	case waited > h.Wait:
		return &BusyError{Used: used, Waited: waited}
	}
	return nil
}
