package docker

import (
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"
)

// TestJudge: that a container was restarted once, long ago, is held against nobody.
func TestJudge(t *testing.T) {
	now := time.Now()
	running := func(restarts int, since time.Duration) container.InspectResponse {
		return container.InspectResponse{RestartCount: restarts,
			State: &container.State{Status: container.StateRunning,
				StartedAt: now.Add(-since).Format(time.RFC3339Nano)}}
	}
	for name, c := range map[string]struct {
		before int
		is     container.InspectResponse
		want   verdict
	}{
		"has just started":                 {0, running(0, 0), pending},
		"runs":                             {0, running(0, 2*stableAfter), passed},
		"was restarted long ago":           {3, running(3, time.Hour), passed},
		"was restarted a moment before":    {3, running(3, 2*stableAfter), pending},
		"was restarted while it is waited": {3, running(4, time.Hour), failed},
		"is about to be restarted": {3,
			container.InspectResponse{State: &container.State{Status: container.StateRestarting}}, failed},
		"ended": {0, container.InspectResponse{State: &container.State{Status: container.StateExited}},
			failed},
	} {
		t.Run(name, func(t *testing.T) {
			if got, why := judge(c.before)(c.is, 0); got != c.want {
				t.Errorf("%v, %s", got, why)
			}
		})
	}
}
