package logs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/events"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy"
)

// A follower reads the logs of an environment as they are written.
type follower struct {
	r      *Reader
	o      deploy.LogOptions
	yield  func(deploy.LogLine) error
	failed context.CancelCauseFunc
	group  sync.WaitGroup

	mu     sync.Mutex
	starts map[string]int       // how often a container has started since it is read, by id
	last   map[string]time.Time // the time of its last line, by id
}

// follow goes on until the caller stops it: an environment in which nothing runs may be about to be deployed.
// It subscribes to starts before anything is read, so that none is missed.
func (r *Reader) follow(ctx context.Context, o deploy.LogOptions, yield func(deploy.LogLine) error) error {
	if ago, err := time.ParseDuration(o.Since); err == nil { // later reads count from now, too
		o.Since = r.now().Add(-ago).Format(time.RFC3339Nano)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	started := r.engine.Events(ctx, client.EventsListOptions{
		Filters: client.Filters{}.Add("label", api.ProjectLabel+"="+r.environment.Instance()).Add("type",
			"container").Add("event", "start"),
	})
	all, err := r.selectContainers(ctx, o)
	if err != nil {
		return err
	}
	f := &follower{r: r, o: o, yield: yield, failed: cancel, starts: map[string]int{}}
	if f.last, err = r.past(ctx, o, all, yield); err != nil {
		return err
	}
	for _, c := range all {
		f.ensureReading(ctx, c.ID, c.Labels)
	}
	f.listen(ctx, started)
	f.group.Wait()
	return context.Cause(ctx)
}

// listen reads each container that starts.
func (f *follower) listen(ctx context.Context, started client.EventsResult) {
	for {
		select {
		case <-ctx.Done():
			return
		case err := <-started.Err:
			f.failed(fmt.Errorf("the engine stopped reporting events: %w", errors.Join(err)))
			return
		case e := <-started.Messages:
			f.onStart(ctx, e.Actor)
		}
	}
}

func (f *follower) onStart(ctx context.Context, actor events.Actor) {
	if actor.Attributes[api.OneoffLabel] != "True" && selected(f.o, actor.Attributes) {
		f.ensureReading(ctx, actor.ID, actor.Attributes)
	}
}

// ensureReading reads a container, unless that is under way; then it counts one more start.
func (f *follower) ensureReading(ctx context.Context, id string, labels map[string]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.starts[id]++; f.starts[id] == 1 {
		f.group.Go(func() { f.stream(ctx, id, labels) })
	}
}

// stream passes on the output of a container until it ends. After another start the engine opens another
// stream.
func (f *follower) stream(ctx context.Context, id string, labels map[string]string) {
	for starts := 1; ; {
		err := f.r.lines(ctx, id, Name(labels), f.options(id), func(l deploy.LogLine) error {
			l.Service = labels[api.ServiceLabel]
			return f.emitLine(id, l)
		})
		if ignoreRemoved(err) != nil && ctx.Err() == nil {
			f.failed(err)
			return
		}
		f.mu.Lock()
		over := f.starts[id] == starts || ctx.Err() != nil || err != nil
		if starts = f.starts[id]; over {
			delete(f.starts, id)
		}
		f.mu.Unlock()
		if over {
			return
		}
	}
}

// ignoreRemoved ignores that a container is gone, or is being removed.
func ignoreRemoved(err error) error {
	if errdefs.IsNotFound(err) || errdefs.IsConflict(err) {
		return nil
	}
	return err
}

// options ask for the lines after the last one. An engine also returns lines of that very moment.
func (f *follower) options(id string) client.ContainerLogsOptions {
	f.mu.Lock()
	defer f.mu.Unlock()
	o := options(deploy.LogOptions{Since: f.o.Since})
	o.Follow = true
	if last, has := f.last[id]; has {
		last = last.Add(1)
		o.Since = fmt.Sprintf("%d.%09d", last.Unix(), last.Nanosecond())
	}
	return o
}

// emitLine passes on one line at a time.
func (f *follower) emitLine(id string, l deploy.LogLine) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last[id] = l.Time
	return f.yield(l)
}
