package deploytest

import (
	"context"
	"fmt"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// lastLines are how many lines of its log an UnhealthyError has.
const lastLines = 20

// An UnhealthyError says why a container is not healthy, with the last lines of its log.
type UnhealthyError struct {
	Of, Container, Reason string
	LastLines             []string
}

func (e *UnhealthyError) Error() string {
	text := fmt.Sprintf("service %q: container %q %s", e.Of, e.Container, e.Reason)
	for _, line := range e.LastLines {
		text += "\n  " + line
	}
	return text
}

// Hint returns the next command.
func (e *UnhealthyError) Hint() string { return "davit logs, with the environment and " + e.Of }

// Service returns the service of the container.
func (e *UnhealthyError) Service() string { return e.Of }

// Lines returns the last lines of its log.
func (e *UnhealthyError) Lines() []string { return e.LastLines }

// await waits until all containers are healthy, or run where nothing checks them.
func (a *apply) await(ctx context.Context, service string, all []*container) error {
	return a.each(ctx, service, all, a.judge)
}

// awaitJob waits until all containers have ended well.
func (a *apply) awaitJob(ctx context.Context, service string, all []*container) error {
	return a.each(ctx, service, all, func(_ context.Context, c *container) (bad, good string) {
		switch {
		case c.ended():
			return "", "is done"
		case c.running():
			return a.notReady("it has not ended"), ""
		}
		return fmt.Sprintf("ended with exit code %d", c.exit), ""
	})
}

// each waits for one container after the other. A verdict is why one failed, or what is good about it.
func (a *apply) each(
	ctx context.Context, service string, all []*container,
	judge func(context.Context, *container) (bad, good string),
) error {
	for _, c := range all {
		var good string
		err := a.withLock(ctx, func() error {
			bad, well := judge(ctx, c)
			if good = well; bad != "" && ctx.Err() == nil {
				return a.unhealthy(c, bad)
			}
			return ctx.Err()
		})
		if err != nil {
			return err
		}
		if a.kinds[service] != "" || a.findings != nil {
			a.report(service, c.name+" "+good)
		}
	}
	return nil
}

// judge returns why a container is not healthy, or in what way it is. Time passes for its health check.
func (a *apply) judge(ctx context.Context, c *container) (bad, good string) {
	test := c.healthTest(a.engine.images[c.image])
	for len(test) > 0 && test[0] == hang && c.running() {
		if a.world.wait(ctx) != nil {
			return "its health check has not passed", ""
		}
	}
	c.checked = true
	switch health := a.engine.health(c); {
	case a.engine.named(c.id) == nil:
		return "was removed by somebody else", ""
	case c.state == release.StateRestarting:
		return fmt.Sprintf("keeps restarting, with exit code %d", c.exit), ""
	case a.model.Services[c.service].Ends && c.ended():
		return "", "is done"
	case !c.running():
		return fmt.Sprintf("ended with exit code %d", c.exit), ""
	case health == release.HealthUnhealthy:
		return "is unhealthy", ""
	case health == release.HealthStarting:
		return a.notReady("its health check has not passed"), ""
	case health == release.HealthHealthy:
		return "", "is healthy"
	}
	return "", "runs"
}

// notReady returns what is said of a container when the time for it is over.
func (a *apply) notReady(why string) string {
	return fmt.Sprintf("is not ready after %s, %s", a.o.Timeout, why)
}

// unhealthy returns the error of a container, with the end of its log.
func (a *apply) unhealthy(c *container, reason string) error {
	e := &UnhealthyError{Of: c.service, Container: c.short(), Reason: reason}
	for _, l := range c.log[max(0, len(c.log)-lastLines):] {
		e.LastLines = append(e.LastLines, l.Text)
	}
	return e
}

// ended returns the event of something that was removed.
func ended(step string) ui.Event {
	return ui.Event{Type: ui.EventStep, Step: step, Status: ui.StatusOK}
}
