package containers

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/events"
	"github.com/moby/moby/client"
	"github.com/moby/moby/client/pkg/versions"

	"github.com/davit-dev/davit/internal/enginetest"
)

func TestAProbedContainerIsRemovedAMomentAfterItsEnd(t *testing.T) {
	c := enginetest.Client(t)
	id := probed(t, c)
	before := time.Now()
	if err := Remove(t.Context(), c, id, false); err != nil {
		t.Fatal(err)
	}
	if err := Remove(t.Context(), c, id, false); err != nil {
		t.Errorf("what is gone: %v", err)
	}
	died, destroyed := happened(t, c, id, before)
	if versions.LessThan(c.ClientVersion(), fixedAPI) && destroyed.Sub(died) < probes/2 {
		t.Errorf("it was removed %s after its end", destroyed.Sub(died))
	}
}

// probed starts a container with a health check.
func probed(t *testing.T, c *client.Client) string {
	t.Helper()
	r, err := c.ContainerCreate(t.Context(), client.ContainerCreateOptions{Config: &container.Config{
		Image: "busybox", Cmd: []string{"sleep", "1000"},
		Healthcheck: &container.HealthConfig{Test: []string{"CMD", "true"}, Interval: 50 * time.Millisecond},
	}})
	if err == nil {
		_, err = c.ContainerStart(t.Context(), r.ID, client.ContainerStartOptions{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return r.ID
}

// happened returns when a container died and when it was destroyed, as the engine tells it.
func happened(t *testing.T, c *client.Client, id string, since time.Time) (died, destroyed time.Time) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	told := c.Events(ctx, client.EventsListOptions{Since: strconv.FormatInt(since.Unix(), 10),
		Filters: make(client.Filters).Add("container", id)})
	for destroyed.IsZero() {
		select {
		case m := <-told.Messages:
			switch m.Action {
			case events.ActionDie:
				died = time.Unix(0, m.TimeNano)
			case events.ActionDestroy:
				destroyed = time.Unix(0, m.TimeNano)
			}
		case err := <-told.Err:
			t.Fatal(err)
		}
	}
	return died, destroyed
}
