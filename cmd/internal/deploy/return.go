package deploy

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/text"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// returns is how often a return is tried: the first may fail for the load that the failed release has caused.
const returns = 2

const (
	// engineRestart is how long a return waits for an engine that does not answer, and answerInterval is how often it
	// asks.
	engineRestart  = time.Minute
	answerInterval = 200 * time.Millisecond
	// maxRestarts is how often the engine may go away during a return. Such a try does not count.
	maxRestarts = 5
)

// rollBack returns to the last healthy release after one has failed, records why it failed, and returns that
// as an error. A first Ctrl-C does not end it, so that the environment is left whole; a second one does. A
// davit that has lost the lock changes nothing more.
func (o *operation) rollBack(ctx context.Context, r release.Release, cause error) error {
	stopped, stop := ctx.Err() != nil, fault.StopOf(ctx)
	r.Result, r.Reason = release.Failed, text.FirstLine(o.leaseLost(cause).Error())
	if o.held.Err() != nil { // the environment is another's
		return errors.Join(cause, o.record(ctx, r))
	}
	if stopped {
		r.Reason = stop.Error()
	}
	showLastLines(cause, o.emit)
	ctx, cancel := untilKilled(o.held, o.request.Kill)
	defer cancel()
	where := o.staysAfter(r, cause)
	if where == "" {
		undone := o.undoFailed(ctx, &r)
		where, r.Skipped = o.returnToHealthy(ctx)
		where += undone
	}
	failure := &fault.Error{Reason: fmt.Sprintf("release %d of %s failed: %s; %s", r.Number, o.Name, r.Reason,
		where)}
	failure.Next = o.afterFailure(r, cause)
	if stopped {
		failure.Code = stop.Category()
	}
	r.Reason += "; " + where
	if err := o.record(ctx, r); err != nil {
		failure.Reason += "; and that could not be recorded: " + err.Error()
	}
	return failure
}

// staysAfter says why an environment stays as a release that failed has left it: update_config of the service that
// is not healthy asks for that. It returns nothing where the last healthy release comes back.
func (o *operation) staysAfter(r release.Release, cause error) string {
	var of interface{ Service() string }
	if !errors.As(cause, &of) {
		return ""
	}
	switch action := r.Model.Services[of.Service()].Rollout.OnFailure; action {
	case release.OnFailurePause, release.OnFailureContinue:
		return fmt.Sprintf("it stays as it is: update_config.failure_action of %s is %s", of.Service(), action)
	}
	return ""
}

// afterFailure returns the hint after a release that failed. It names the log only of a container that is still there.
func (o *operation) afterFailure(r release.Release, cause error) string {
	hint := "davit releases " + o.Name + " shows what was deployed, davit status " + o.Name + " what runs"
	var of interface{ Service() string }
	if errors.As(cause, &of) &&
		(r.Model.Services[of.Service()].Job || o.staysAfter(r, cause) != "" || o.current() == nil) {
		hint += ", davit logs " + o.Name + " " + of.Service() + " the log"
	}
	return hint
}

// record keeps how a release ended, also after Ctrl-C.
func (o *operation) record(ctx context.Context, r release.Release) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	r.Reason = o.environments.Masked(r.Reason)
	return o.backend.Record(ctx, r)
}

// untilKilled returns a context that ends with a second Ctrl-C, or with its parent.
func untilKilled(parent context.Context, kill <-chan struct{}) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	go func() {
		select {
		case <-kill:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// returnToHealthy applies the last healthy release and returns where that leaves the environment: what the
// backend says, not what was meant. It returns the jobs that it has skipped, too.
func (o *operation) returnToHealthy(ctx context.Context) (where string, skipped []string) {
	if o.current() == nil {
		return "there is no earlier release to return to", nil
	}
	good := *o.current()
	for try, restarts := 0, 0; try < returns && restarts < maxRestarts; {
		if err := o.awaitEngine(ctx); err != nil {
			return failedReturn(good, err), good.Skipped
		}
		o.emit(ui.Event{Type: ui.EventWarning,
			Text: fmt.Sprintf("returning to release %d%s", good.Number,
				[returns]string{"", ", second try"}[try])})
		err := o.returnTo(ctx, &good)
		if err == nil {
			return fmt.Sprintf("it is back at release %d", good.Number), good.Skipped
		}
		if where = failedReturn(good, err); ctx.Err() != nil {
			break
		}
		if o.engineAnswers(ctx) == nil {
			try++
		} else {
			restarts++
		}
	}
	return where, good.Skipped
}

func failedReturn(to release.Release, err error) string {
	return fmt.Sprintf("and the return to release %d failed: %s", to.Number, text.FirstLine(err.Error()))
}

// awaitEngine waits until the engine answers: one that restarts is away for a while.
func (o *operation) awaitEngine(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, engineRestart)
	defer cancel()
	for told := false; ; told = true {
		err := o.engineAnswers(ctx)
		if err == nil {
			return nil
		}
		if !told {
			o.emit(ui.Event{Type: ui.EventWarning, Text: fmt.Sprintf(
				"the engine of %s does not answer; waiting for it for up to %s: %s", o.Name, engineRestart,
				text.FirstLine(err.Error()))})
		}
		if sleep(ctx, answerInterval) != nil {
			return err
		}
	}
}

// engineAnswers returns why the engine does not answer.
func (o *operation) engineAnswers(ctx context.Context) error {
	_, err := o.observe(ctx, deploy.ObserveOptions{})
	return err
}

// returnTo applies a release, or as much of it as possible.
// Jobs do not run again.
func (o *operation) returnTo(ctx context.Context, good *release.Release) error {
	live, err := o.observe(ctx, deploy.ObserveOptions{})
	if err != nil {
		return err
	}
	good.Model, good.Skipped = good.Model.SkipJobs(o.applied(), live)
	plan := release.Compare(good.Model, good.Model, live, o.Ignore)
	if err := o.apply(ctx, plan, *good, deploy.ApplyOptions{KeepGoing: true}); err != nil {
		return err
	}
	_, err = o.verifyApplied(ctx, *good, nil)
	return err
}

// showLastLines shows the last log lines of a container that failed. It is gone when the last healthy release
// is back.
func showLastLines(cause error, emit func(ui.Event)) {
	var failed interface{ Lines() []string }
	if errors.As(cause, &failed) && len(failed.Lines()) > 0 {
		emit(ui.Event{Type: ui.EventWarning, Text: "what failed said:\n" +
			strings.Join(failed.Lines(), "\n")})
	}
}
