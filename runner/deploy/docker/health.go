package docker

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

const (
	// pollInterval is the time between two inspections of a container of which the engine does not tell, and longInterval
	// that of one of which it does: a notice may be lost.
	pollInterval = 50 * time.Millisecond
	longInterval = time.Second
	// settled is how long a container that nothing checks has to run before the services that depend on it start.
	settled = 300 * time.Millisecond
	// failureLines is the number of log lines in the error about a container.
	failureLines = 20
)

// healthy waits until all containers are healthy, or have started where nothing checks them: these are monitored
// later. A container that ends, is unhealthy, or takes too long is an error.
func (r *reconciler) healthy(ctx context.Context, all []observedContainer) error {
	r.unchecked = toMonitor(all, r.want.Monitor)
	return inParallel(all, func(_ int, f observedContainer) error {
		return r.await(ctx, f.ID, r.options.Timeout, settled, judge(f.RestartCount, r.want.Ends, settled))
	})
}

// await inspects a container, each time something has happened to it and when it has run for long enough, until there is a
// verdict; a limit of 0 is none.
func (r *reconciler) await(
	ctx context.Context, id string, limit, long time.Duration, judge func(container.InspectResponse, time.Duration) (verdict, string),
) error {
	began, waiting := time.Now(), r.waiting(limit)
	notice, done := r.notices.of(id)
	defer done()
	for {
		c, err := r.backend.engine.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
		if errdefs.IsNotFound(err) {
			return &UnhealthyError{
				service: r.name, container: id[:12], reason: "was removed by somebody else",
			}
		}
		if err != nil {
			return err
		}
		v, why := judge(c.Container, time.Since(began))
		if v == pending && limit > 0 && time.Since(began) > limit {
			v, why = failed, fmt.Sprintf("is not ready after %s, %s", limit, why)
		}
		switch v {
		case passed:
			if _, reported := r.told.LoadOrStore(id+why, true); !reported && why != "" &&
				r.kinds[r.name] != "" { // nothing to report about a service that has not changed
				r.report(r.name, strings.TrimPrefix(c.Container.Name, "/")+" "+why)
			}
			return nil
		case failed:
			return r.backend.unhealthyError(ctx, r.name, c.Container, why)
		}
		waiting.report(ctx, c.Container, why)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-notice:
		case <-time.After(r.notices.interval(c.Container.State, long-time.Since(began))):
		}
	}
}

// interval returns when a container is inspected again of which there is no notice. rest is for how long it still has to
// run where nothing checks it.
func (n *notices) interval(s *container.State, rest time.Duration) time.Duration {
	switch {
	case !n.listening():
		return pollInterval
	case rest > 0 && !checked(s):
		return min(rest, longInterval)
	}
	return longInterval
}

// pause waits, or until the context ends.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
