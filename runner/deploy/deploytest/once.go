package deploytest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// RunJob runs a service of a release once, to its end, unless a davit that was killed has left its container.
func (m *Memory) RunJob(
	ctx context.Context, r release.Release, service string, variables map[string]string, o deploy.ApplyOptions,
) error {
	a, err := m.newApply(ctx, release.Plan{}, r, o)
	if err != nil {
		return err
	}
	err = a.once(ctx, service, variables)
	e := ui.Event{Type: ui.EventStep, Step: service, Status: ui.StatusOK}
	if err != nil {
		e.Status, e.Reason = ui.StatusFailed, err.Error()
	}
	a.emit(e)
	return errors.Join(err, m.endChange(ctx, a.mark))
}

// once runs one container to its end.
func (a *apply) once(ctx context.Context, service string, variables map[string]string) error {
	var all []*container
	a.report(service, fmt.Sprintf("running it, of release %d", a.r.Number))
	err := a.withLock(ctx, func() (err error) {
		if all = a.ofService(service); !slices.ContainsFunc(all, a.isRun) {
			all, err = a.createOnce(service, variables)
		}
		return err
	})
	if err != nil {
		return err
	}
	err = a.withLock(ctx, func() error { return a.startAll(slices.DeleteFunc(slices.Clone(all), (*container).ended)) })
	return errors.Join(err, a.awaitJob(ctx, service, all))
}

// isRun reports whether a container is the one of a run for the release that goes on, or has ended well.
func (a *apply) isRun(c *container) bool {
	return c.release == a.r.Number && (c.ended() || c.running() || c.state == release.StateCreated)
}

// createOnce makes the only container of a run.
func (a *apply) createOnce(service string, variables map[string]string) ([]*container, error) {
	for _, c := range a.ofService(service) {
		a.engine.remove(c)
	}
	made, err := a.make(service, 1)
	for _, c := range made {
		for name, value := range variables {
			c.fields["environment."+name] = value
		}
	}
	return made, err
}

// RemoveJobs removes the containers of services.
func (m *Memory) RemoveJobs(ctx context.Context, services []string) error {
	return m.withLock(ctx, func() error {
		for _, name := range services {
			for _, c := range m.ofService(name) {
				m.engine.remove(c)
			}
		}
		return nil
	})
}
