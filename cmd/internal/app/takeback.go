package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// takeBack returns to the last good release after one has failed, says why it failed and records it. A first Ctrl-C does not end the
// way back, which leaves a whole environment; a second one does. Who has lost the lock only says so.
func (p *Project) takeBack(ctx context.Context, s *site, r release.Release, d DeployRequest, cause error, emit func(ui.Event)) error {
	interrupted := ctx.Err() != nil
	r.Result, r.Reason = release.Failed, firstLine(s.lost(cause).Error())
	if s.held.Err() != nil { // the environment is another's
		return errors.Join(cause, s.record(ctx, r))
	}
	if interrupted {
		r.Reason = "interrupted"
	}
	lastWords(cause, emit)
	ctx, cancel := unlessKilled(s.held, d.Run.Kill)
	defer cancel()
	where := p.back(ctx, s, d, emit)
	fault := &Error{Reason: fmt.Sprintf("release %d of %s failed: %s; %s", r.Number, s.Name, r.Reason, where), Code: ExitFailed}
	fault.Next = "davit releases " + s.Name + " shows what was deployed, davit status " + s.Name + " what runs"
	if interrupted {
		fault.Code = ExitInterrupted
	}
	r.Reason += "; " + where
	if err := s.record(ctx, r); err != nil {
		fault.Reason += "; and that cannot be recorded: " + err.Error()
	}
	return fault
}

// record keeps how a release ended, also after Ctrl-C.
func (s *site) record(ctx context.Context, r release.Release) error {
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

// startless tells of errors by which nothing was changed.
func startless(err error) bool {
	var coded interface{ ExitCode() int }
	return errors.As(err, &coded) && (coded.ExitCode() == ExitUsage || coded.ExitCode() == ExitRefused)
}

// back brings the last good release back, and says where that leaves the environment: what the engine says, not what was meant.
func (p *Project) back(ctx context.Context, s *site, d DeployRequest, emit func(ui.Event)) (where string) {
	good := s.current()
	if good == nil {
		return "there is no earlier release to return to"
	}
	for try := range attempts {
		emit(ui.Event{Type: ui.EventWarning, Text: fmt.Sprintf("returning to release %d%s", good.Number, [attempts]string{"", ", once more"}[try])})
		err := p.backTo(ctx, s, *good, d, emit)
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

// backTo makes a release stand, or as much of it as can.
func (p *Project) backTo(ctx context.Context, s *site, good release.Release, d DeployRequest, emit func(ui.Event)) error {
	live, err := s.target.Glance(ctx)
	if err != nil {
		return err
	}
	o := deploy.ApplyOptions{Timeout: s.wait(d), Insist: true}
	if err := p.apply(ctx, s, difference(good, good.Model, live, s.Ignore), good, o, emit); err != nil {
		return err
	}
	_, err = s.stands(ctx, good, emit)
	return err
}

// lastWords shows what a container that failed has said last. It is gone when the last good release is back.
func lastWords(cause error, emit func(ui.Event)) {
	var said interface{ Lines() []string }
	if errors.As(cause, &said) && len(said.Lines()) > 0 {
		emit(ui.Event{Type: ui.EventWarning, Text: "the last lines of what failed:\n" + strings.Join(said.Lines(), "\n")})
	}
}
