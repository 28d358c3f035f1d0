package docker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker/compose/v5/pkg/api"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A reconciler makes the containers of one service equal to the release.
type reconciler struct {
	*apply
	name string
	want release.Service
	// unchecked are the containers to monitor once the service is reconciled.
	unchecked []observedContainer
	// paused says that there were paused containers when they were last observed.
	paused bool
}

// service reconciles one service and, if nothing checks its health, begins to monitor it. It emits how that ended.
func (a *apply) service(ctx, watched context.Context, name string) error {
	r := &reconciler{apply: a, name: name, want: a.release.Model.Services[name]}
	if err := r.reconcile(ctx); err != nil || len(r.unchecked) == 0 {
		return a.end(ctx, name, err)
	}
	a.monitors.begin(func() error { return a.end(watched, name, r.keepsRunning(watched)) })
	return nil
}

// end emits how a service ended, and returns the error with its name.
func (a *apply) end(ctx context.Context, name string, err error) error {
	if _, named := errors.AsType[*UnhealthyError](err); err != nil && !named {
		err = fmt.Errorf("service %q: %w", name, err)
	}
	a.emit(endEvent(name, err, ctx.Err() != nil))
	return err
}

// endEvent returns the last event about a service.
func endEvent(name string, err error, cancelled bool) ui.Event {
	e := ui.Event{Type: ui.EventStep, Step: name, Status: ui.StatusOK}
	switch {
	case err != nil && cancelled:
		e.Status = ui.StatusCancelled
	case err != nil:
		e.Status = ui.StatusFailed
		e.Reason, _, _ = strings.Cut(strings.TrimPrefix(err.Error(), fmt.Sprintf("service %q: ", name)), "\n")
	}
	return e
}

// reconcile makes the containers of one service equal to the release.
func (r *reconciler) reconcile(ctx context.Context) error {
	state, err := r.state(ctx)
	if err != nil {
		return err
	}
	switch {
	case r.want.Job:
		return r.runJob(ctx, state)
	case r.want.StartFirst && slices.ContainsFunc(state.all(), observedContainer.running) &&
		(len(state.old) > 0 || len(state.fresh) != r.want.Replicas || state.unannounced):
		return r.startFirst(ctx, state)
	case r.findings != nil || len(state.old) > 0:
		return r.swap(ctx, state)
	case len(state.fresh) != r.want.Replicas:
		r.report(r.name, "starting it")
		err = r.create(ctx, r.want.Replicas, api.RecreateNever)
	case r.want.RestartsAfter(r.kinds):
		r.report(r.name, "restarting it: a dependency was replaced")
		err = r.restart(ctx, state)
	case !slices.ContainsFunc(state.all(), r.stopped):
		return r.healthy(ctx, state.all())
	}
	if err != nil {
		return err
	}
	return r.run(ctx)
}

// stopped reports whether a container has to be started.
func (r *reconciler) stopped(f observedContainer) bool {
	return !f.running() && !(r.want.Ends && f.succeeded())
}
