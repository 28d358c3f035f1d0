package docker

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

const (
	// pollInterval is the time between two inspections of a container.
	pollInterval = 50 * time.Millisecond
	// stableAfter is how long a container without a health check has to run before it counts as healthy.
	stableAfter = time.Second
	// failureLines is the number of log lines in the error about a container.
	failureLines = 20
)

// An UnhealthyError says why a container is not healthy, with the last lines of its log.
type UnhealthyError struct {
	service, container, reason string
	lines                      []string
}

func (e *UnhealthyError) Error() string {
	text := fmt.Sprintf("service %q: container %q %s", e.service, e.container, e.reason)
	for _, l := range e.lines {
		text += "\n  " + l
	}
	return text
}

// Hint returns the next command.
func (e *UnhealthyError) Hint() string { return "davit logs ENV " + e.service + " shows more" }

// Lines returns the last lines of the log.
func (e *UnhealthyError) Lines() []string { return e.lines }

// A verdict is the result of one inspection.
type verdict int

const (
	pending verdict = iota
	passed
	failed
)

// healthy waits until all containers are healthy, or have run for a while where nothing checks them. A
// container that ends, is unhealthy, or takes too long is an error.
func (a *apply) healthy(ctx context.Context, service string, all []observedContainer) error {
	return inParallel(all, func(_ int, f observedContainer) error {
		return a.await(ctx, service, f.ID, judge(f.RestartCount))
	})
}

// await inspects a container until there is a verdict.
func (a *apply) await(ctx context.Context, service, id string, judge func(container.InspectResponse, time.Duration) (verdict, string)) error {
	began := time.Now()
	for {
		c, err := a.backend.engine.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
		if errdefs.IsNotFound(err) {
			return &UnhealthyError{service: service, container: id[:12], reason: "was removed by somebody else"}
		}
		if err != nil {
			return err
		}
		v, why := judge(c.Container, time.Since(began))
		if v == pending && a.options.Timeout > 0 && time.Since(began) > a.options.Timeout {
			v, why = failed, fmt.Sprintf("is not ready after %s, %s", a.options.Timeout, why)
		}
		switch v {
		case passed:
			if a.kinds[service] != "" { // of what has not changed there is nothing to tell
				a.report(service, strings.TrimPrefix(c.Container.Name, "/")+" "+why)
			}
			return nil
		case failed:
			return a.backend.unhealthyError(ctx, service, c.Container, why)
		}
		if err := pause(ctx, pollInterval); err != nil {
			return err
		}
	}
}

// pause waits, or until the context ends.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// judge returns the verdict on a container of a service that is no job. restarts is how often the engine had
// restarted it before.
func judge(restarts int) func(c container.InspectResponse, waited time.Duration) (verdict, string) {
	return func(c container.InspectResponse, waited time.Duration) (verdict, string) {
		checked := c.State.Health != nil && c.State.Health.Status != container.NoHealthcheck
		if c.State.Status == container.StateRestarting || c.RestartCount > restarts && !checked {
			return failed, fmt.Sprintf("keeps restarting, with exit code %d", c.State.ExitCode)
		}
		return assessRunning(c, checked, waited)
	}
}

// assessRunning returns the verdict on a container that does not keep restarting. One that once did, and has
// no health check, has to run longer.
func assessRunning(c container.InspectResponse, checked bool, waited time.Duration) (verdict, string) {
	s, long := c.State, stableAfter
	if c.RestartCount > 0 {
		long = 10 * stableAfter
	}
	switch {
	case s.Status == container.StateExited || s.Status == container.StateDead:
		return failed, fmt.Sprintf("ended with exit code %d", s.ExitCode)
	case s.Status != container.StateRunning:
		return pending, "it is " + string(s.Status)
	case checked && s.Health.Status == container.Healthy:
		return passed, "is healthy"
	case checked && s.Health.Status == container.Unhealthy:
		return failed, "is unhealthy" + lastCheckOutput(s.Health)
	case checked:
		return pending, "its health check has not passed" + lastCheckOutput(s.Health)
	case waited < long && !startedBefore(s.StartedAt, long):
		return pending, "it has just started"
	}
	return passed, "runs"
}

// startedBefore reports whether a start is longer ago than d. The clock of another machine may be wrong: then
// the wait is as long as by ours.
func startedBefore(started string, d time.Duration) bool {
	at, err := time.Parse(time.RFC3339Nano, started)
	return err == nil && time.Since(at) > d
}

func lastCheckOutput(h *container.Health) string {
	if len(h.Log) == 0 {
		return ""
	}
	last := h.Log[len(h.Log)-1]
	said := strings.TrimSpace(last.Output) // what went wrong is said last
	return fmt.Sprintf(" (exit code %d: %q)", last.ExitCode, strings.TrimSpace(said[strings.LastIndexAny(said, "\r\n")+1:]))
}

// judgeJob returns the verdict on a container of a job.
func judgeJob(c container.InspectResponse, _ time.Duration) (verdict, string) {
	switch {
	case c.State.Status == container.StateExited && c.State.ExitCode == 0:
		return passed, "is done"
	case c.State.Status == container.StateExited || c.State.Status == container.StateDead:
		return failed, fmt.Sprintf("ended with exit code %d", c.State.ExitCode)
	}
	return pending, "it has not ended"
}

// unhealthyError returns the error about a container, with the end of its log.
func (b *Backend) unhealthyError(ctx context.Context, service string, c container.InspectResponse, why string) error {
	e := &UnhealthyError{service: service, reason: why}
	e.container = strings.TrimPrefix(strings.TrimPrefix(c.Name, "/"), b.project+api.Separator)
	var err error
	if e.lines, err = b.LastLines(ctx, c.ID, failureLines); err != nil {
		e.lines = append(e.lines, "its log cannot be read: "+err.Error())
	}
	return e
}
