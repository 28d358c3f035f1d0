package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/davit-dev/davit/internal/release"
	"github.com/davit-dev/davit/internal/ui"
)

// takeBack returns to the last good release after one has failed, says why it failed and records it. A first Ctrl-C does not end the
// way back, which leaves a whole environment; a second one does.
func (p *Project) takeBack(ctx context.Context, s *site, r release.Release, d DeployRequest, cause error, emit func(ui.Event)) error {
	interrupted := ctx.Err() != nil
	ctx, cancel := unlessKilled(ctx, d.Run.Kill)
	defer cancel()
	r.Result, r.Reason = release.Failed, firstLine(cause.Error())
	if interrupted {
		r.Reason = "interrupted"
	}
	if startless(cause) { // nothing was changed, so that nothing is taken back
		return errors.Join(cause, s.target.Record(ctx, r))
	}
	lastWords(cause, emit)
	where, back := p.back(ctx, s, d, emit)
	if err := s.target.Record(ctx, r); err != nil && back == nil {
		back = err
	}
	fault := &Error{Reason: fmt.Sprintf("release %d of %s failed: %s; %s", r.Number, s.Name, r.Reason, where), Code: ExitFailed}
	fault.Next = "davit releases " + s.Name + " shows what was deployed, davit status " + s.Name + " what runs"
	if interrupted {
		fault.Code = ExitInterrupted
	}
	return fault
}

// unlessKilled is a context that outlives its parent and ends with a second Ctrl-C.
func unlessKilled(ctx context.Context, kill <-chan struct{}) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		select {
		case <-kill:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// startless tells of errors by which nothing was changed.
func startless(err error) bool {
	var coded interface{ ExitCode() int }
	return errors.As(err, &coded) && (coded.ExitCode() == ExitUsage || coded.ExitCode() == ExitRefused)
}

// back brings the last good release back, and says where that leaves the environment.
func (p *Project) back(ctx context.Context, s *site, d DeployRequest, emit func(ui.Event)) (where string, err error) {
	good := s.current()
	if good == nil {
		return "there is no earlier release to return to", nil
	}
	emit(ui.Event{Type: ui.EventWarning, Text: fmt.Sprintf("returning to release %d", good.Number)})
	live, err := s.target.Live(ctx)
	if err == nil {
		err = p.apply(ctx, s, difference(*good, good.Model, live, s.Ignore), *good, DeployRequest{Timeout: d.Timeout}, emit)
	}
	if err != nil {
		return fmt.Sprintf("and the return to release %d failed: %v", good.Number, err), err
	}
	return fmt.Sprintf("it is back at release %d", good.Number), nil
}

// lastWords shows what a container that failed has said last. It is gone when the last good release is back.
func lastWords(cause error, emit func(ui.Event)) {
	var said interface{ Lines() []string }
	if errors.As(cause, &said) && len(said.Lines()) > 0 {
		emit(ui.Event{Type: ui.EventWarning, Text: "the last lines of what failed:\n" + strings.Join(said.Lines(), "\n")})
	}
}
