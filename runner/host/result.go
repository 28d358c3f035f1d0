package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// The exit codes that shells report for commands that have none of their own.
const (
	codeTimeout  = 124
	codeUnusable = 126
	codeNotFound = 127
	codeSignal   = 128
)

var errTimeout = errors.New("timeout")

func failed(exit int, reason string) runner.Result {
	return runner.Result{Status: ui.StatusFailed, Exit: exit, Reason: reason}
}

// cancelled returns the result of a step whose context ended.
func cancelled(ctx context.Context, s runner.Step) runner.Result {
	if errors.Is(context.Cause(ctx), errTimeout) {
		limit := time.Duration(s.Plan.Timeout) * time.Second
		return runner.Result{Status: ui.StatusCancelled, Exit: codeTimeout,
			Reason: fmt.Sprintf("timeout after %s", limit)}
	}
	return runner.Result{Status: ui.StatusCancelled, Reason: fault.StopOf(ctx).Error()}
}

// exitResult returns the result of a process that ended by itself.
func exitResult(state *os.ProcessState) runner.Result {
	if name, number := signalOf(state); name != "" {
		return failed(codeSignal+number, "killed by "+name)
	}
	if code := state.ExitCode(); code != 0 {
		return failed(code, fmt.Sprintf("exit status %d", code))
	}
	return runner.Result{Status: ui.StatusOK}
}
