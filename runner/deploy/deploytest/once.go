package deploytest

import (
	"context"
	"errors"
	"fmt"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// RunJob runs a service of a release once, to its end, and removes its container.
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

// once runs one container to its end, and removes all of the service.
func (a *apply) once(ctx context.Context, service string, variables map[string]string) error {
	a.report(service, fmt.Sprintf("running it, of release %d", a.r.Number))
	var made []*container
	err := a.withLock(ctx, func() (err error) {
		made, err = a.make(service, len(a.ofService(service))+1)
		for _, c := range made {
			for name, value := range variables {
				c.fields["environment."+name] = value
			}
		}
		return errors.Join(err, a.startAll(made))
	})
	if err == nil {
		err = a.awaitJob(ctx, service, made)
	}
	return errors.Join(err, a.RemoveJobs(context.WithoutCancel(ctx), []string{service}))
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
