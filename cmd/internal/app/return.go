package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// rollBack returns to the last good release after one has failed, says why it failed and records it. A first Ctrl-C does not end the
// way back, which leaves a whole environment; a second one does. Who has lost the lock only says so.
func (p *Project) rollBack(ctx context.Context, s *session, r release.Release, d DeployRequest, cause error, emit func(ui.Event)) error {
	interrupted := ctx.Err() != nil
	r.Result, r.Reason = release.Failed, firstLine(s.leaseLost(cause).Error())
	if s.held.Err() != nil { // the environment is another's
		return errors.Join(cause, s.record(ctx, r))
	}
	if interrupted {
		r.Reason = "interrupted"
	}
	lastWords(cause, emit)
	ctx, cancel := unlessKilled(s.held, d.Run.Kill)
	defer cancel()
	where := p.returnToLastGood(ctx, s, d, emit)
	failure := &fault.Error{Reason: fmt.Sprintf("release %d of %s failed: %s; %s", r.Number, s.Name, r.Reason, where), Code: fault.Failed}
	failure.Next = "davit releases " + s.Name + " shows what was deployed, davit status " + s.Name + " what runs"
	if interrupted {
		failure.Code = fault.Interrupted
	}
	r.Reason += "; " + where
	if err := s.record(ctx, r); err != nil {
		failure.Reason += "; and that cannot be recorded: " + err.Error()
	}
	return failure
}

// record keeps how a release ended, also after Ctrl-C.
func (s *session) record(ctx context.Context, r release.Release) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	return s.target.Record(ctx, r)
}

// unlessKilled is a context that ends with a second Ctrl-C, or when the environment is locked no more.
func unlessKilled(held context.Context, kill <-chan struct{}) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(held)
	go func() {
		select {
		case <-kill:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// returnToLastGood brings the last good release back, and says where that leaves the environment: what the engine says, not what was meant.
func (p *Project) returnToLastGood(ctx context.Context, s *session, d DeployRequest, emit func(ui.Event)) (where string) {
	good := s.current()
	if good == nil {
		return "there is no earlier release to return to"
	}
	for try := range attempts {
		emit(ui.Event{Type: ui.EventWarning, Text: fmt.Sprintf("returning to release %d%s", good.Number, [attempts]string{"", ", once more"}[try])})
		err := p.returnTo(ctx, s, *good, d, emit)
		if err == nil {
			return fmt.Sprintf("it is back at release %d", good.Number)
		}
		where = fmt.Sprintf("and the return to release %d failed: %s", good.Number, firstLine(err.Error()))
		if ctx.Err() != nil {
			break
		}
	}
	return where
}

// attempts to return: the first may fail for the load that the release that failed has brought.
const attempts = 2

// returnTo makes a release stand, or as much of it as can.
func (p *Project) returnTo(ctx context.Context, s *session, good release.Release, d DeployRequest, emit func(ui.Event)) error {
	live, err := s.target.Glance(ctx)
	if err != nil {
		return err
	}
	o := deploy.ApplyOptions{Timeout: s.wait(d), Insist: true}
	if err := p.apply(ctx, s, difference(good, good.Model, live, s.Ignore), good, o, emit); err != nil {
		return err
	}
	_, err = s.verifyApplied(ctx, good, emit)
	return err
}

// lastWords shows what a container that failed has said last. It is gone when the last good release is back.
func lastWords(cause error, emit func(ui.Event)) {
	var said interface{ Lines() []string }
	if errors.As(cause, &said) && len(said.Lines()) > 0 {
		emit(ui.Event{Type: ui.EventWarning, Text: "the last lines of what failed:\n" + strings.Join(said.Lines(), "\n")})
	}
}
