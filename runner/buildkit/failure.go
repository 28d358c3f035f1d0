package buildkit

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	gatewaypb "github.com/moby/buildkit/frontend/gateway/pb"
	"github.com/moby/buildkit/util/grpcerrors"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

const codeTimeout = 124 // as on the host

var errTimeout = errors.New("timeout")

// failure returns the result of a step that ended with an error.
func (r *Runner) failure(ctx context.Context, s runner.Step, err error) runner.Result {
	if ctx.Err() != nil {
		if errors.Is(context.Cause(ctx), errTimeout) {
			limit := time.Duration(s.Plan.Timeout) * time.Second
			return runner.Result{Status: ui.StatusCancelled, Exit: codeTimeout,
				Reason: fmt.Sprintf("timeout after %s", limit)}
		}
		return runner.Result{Status: ui.StatusCancelled, Reason: fault.StopOf(ctx).Error()}
	}
	if code, ok := exitCode(err); ok {
		return runner.Result{Status: ui.StatusFailed, Exit: code, Reason: fmt.Sprintf("exit status %d", code)}
	}
	if r.isConnectionError(err) {
		r.mu.Lock()
		r.disconnected = true
		r.mu.Unlock()
		return runner.Result{
			Status: ui.StatusFailed,
			Reason: fmt.Sprintf("the engine at %s stopped answering", r.conn.Info.Address),
			Hint:   "davit engine looks for it",
		}
	}
	result := runner.Result{Status: ui.StatusFailed, Reason: shortReason(err)} // no command ended with a code
	var hinter ui.Hinter
	if errors.As(err, &hinter) {
		result.Hint = hinter.Hint()
	}
	return result
}

// isDisconnected reports whether the engine has stopped answering.
func (r *Runner) isDisconnected() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.disconnected
}

// isConnectionError reports whether an error comes from the connection to the engine.
func (r *Runner) isConnectionError(err error) bool {
	if err == nil {
		return false
	}
	code := status.Code(err)
	if s, ok := grpcerrors.AsGRPCStatus(err); ok {
		code = s.Code()
	}
	return code == codes.Unavailable || r.buildEnded()
}

// buildEnded reports whether the build has ended, which it does not do by itself.
func (r *Runner) buildEnded() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.build == nil {
		return false
	}
	select {
	case <-r.build.ended:
		return true
	default:
		return false
	}
}

// oldExit matches the exit code in the message of an engine that does not send it as a typed error yet.
var oldExit = regexp.MustCompile(`exit code: (\d+)$`)

// exitCode returns the exit code of the command, if the error is that of a command.
func exitCode(err error) (int, bool) {
	if err == nil {
		return 0, false
	}
	if typed, ok := errors.AsType[*gatewaypb.ExitError](err); ok {
		return int(typed.ExitCode), true
	}
	if found := oldExit.FindStringSubmatch(err.Error()); found != nil {
		code, err := strconv.Atoi(found[1])
		return code, err == nil
	}
	return 0, false
}
