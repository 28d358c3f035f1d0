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

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

const codeTimeout = 124 // as for the host

var errTimeout = errors.New("timeout")

// ended is how a step ended that did not succeed.
func (r *Runner) ended(ctx context.Context, s runner.Step, err error) runner.Result {
	if ctx.Err() != nil {
		if errors.Is(context.Cause(ctx), errTimeout) {
			limit := time.Duration(s.Plan.Timeout) * time.Second
			return runner.Result{Status: ui.StatusCancelled, Exit: codeTimeout, Reason: fmt.Sprintf("timeout after %s", limit)}
		}
		return runner.Result{Status: ui.StatusCancelled, Reason: "interrupted"}
	}
	if code, ok := exitCode(err); ok {
		return runner.Result{Status: ui.StatusFailed, Exit: code, Reason: fmt.Sprintf("exit status %d", code)}
	}
	if r.lost(err) {
		r.mu.Lock()
		r.dead = true
		r.mu.Unlock()
		return runner.Result{
			Status: ui.StatusFailed, Reason: fmt.Sprintf("the engine at %s stopped answering", r.conn.Info.Address), Hint: "davit engine looks for it",
		}
	}
	result := runner.Result{Status: ui.StatusFailed, Reason: brief(err)} // no command ended with a code
	var hinter ui.Hinter
	if errors.As(err, &hinter) {
		result.Hint = hinter.Hint()
	}
	return result
}

// broken tells whether the engine stopped answering.
func (r *Runner) broken() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.dead
}

// lost tells whether an error is one of the connection.
func (r *Runner) lost(err error) bool {
	if err == nil {
		return false
	}
	code := status.Code(err)
	if s, ok := grpcerrors.AsGRPCStatus(err); ok {
		code = s.Code()
	}
	return code == codes.Unavailable || r.finished()
}

// finished tells whether the build is over, which it is not by itself.
func (r *Runner) finished() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.build == nil {
		return false
	}
	select {
	case <-r.build.over:
		return true
	default:
		return false
	}
}

// oldExit is how an engine tells an exit code that has no type for it yet.
var oldExit = regexp.MustCompile(`exit code: (\d+)$`)

// exitCode is that of a command that failed, if this is why there is an error.
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
