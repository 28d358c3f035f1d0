package docker

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/moby/moby/api/types/events"
	"github.com/moby/moby/client"
)

// notices wake up those who wait for a container when the engine tells that something has happened to it.
type notices struct {
	mu      sync.Mutex
	waiting map[string][]chan struct{} // by id
	ended   bool
}

// watch begins to listen to the engine about the containers of the environment, until stop is called.
func (a *apply) watch(ctx context.Context) (stop func()) {
	ctx, stop = context.WithCancel(ctx)
	r := a.backend.engine.Events(ctx, client.EventsListOptions{
		Filters: ofProject(a.backend.project).Add("type", string(events.ContainerEventType)),
	})
	n := &notices{waiting: map[string][]chan struct{}{}}
	a.notices = n
	go n.listen(r)
	return stop
}

// listen passes events on. Those of commands in a container, as health checks are, say nothing: a check whose result
// changes the health has an event of its own.
func (n *notices) listen(r client.EventsResult) {
	for {
		select {
		case m := <-r.Messages:
			if !strings.HasPrefix(string(m.Action), "exec_") {
				n.notify(m.Actor.ID)
			}
		case <-r.Err:
			n.mu.Lock()
			n.ended = true
			n.mu.Unlock()
			return
		}
	}
}

// notify wakes up those who wait for a container. One that has a notice already gets no other.
func (n *notices) notify(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, one := range n.waiting[id] {
		select {
		case one <- struct{}{}:
		default:
		}
	}
}

// of returns a channel of notices about a container, until done is called.
func (n *notices) of(id string) (_ <-chan struct{}, done func()) {
	one := make(chan struct{}, 1)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.waiting[id] = append(n.waiting[id], one)
	return one, func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.waiting[id] = slices.DeleteFunc(n.waiting[id], func(c chan struct{}) bool { return c == one })
	}
}

// listening reports whether the engine still tells.
func (n *notices) listening() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return !n.ended
}
