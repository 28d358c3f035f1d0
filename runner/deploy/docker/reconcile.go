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

// service reconciles one service, and emits how that ended.
func (a *apply) service(ctx context.Context, name string) error {
	err := a.reconcile(ctx, name)
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
func (a *apply) reconcile(ctx context.Context, name string) error {
	s := a.release.Model.Services[name]
	state, err := a.state(ctx, name)
	if err != nil {
		return err
	}
	switch {
	case s.Job:
		return a.runJob(ctx, name, state)
	case s.StartFirst && slices.ContainsFunc(state.all(), observedContainer.running) && (len(state.old) > 0 || len(state.fresh) != s.Replicas || state.unannounced):
		return a.startFirst(ctx, name, state)
	case a.findings != nil:
		return a.swap(ctx, name, state)
	case len(state.old) > 0:
		a.report(name, "replacing it, with an interruption")
		err = a.create(ctx, name, s.Replicas, api.RecreateForce)
	case len(state.fresh) != s.Replicas:
		a.report(name, "starting it")
		err = a.create(ctx, name, s.Replicas, api.RecreateNever)
	case a.kinds[name] == release.Restart:
		a.report(name, "restarting it: a dependency was replaced")
		err = a.restart(ctx, state)
	}
	if err != nil {
		return err
	}
	return a.run(ctx, name)
}
