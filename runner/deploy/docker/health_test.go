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
		ends   bool
		is     container.InspectResponse
		want   verdict
	}{
		"has just started":                 {0, false, running(0, 0), pending},
		"runs":                             {0, false, running(0, 2*time.Second), passed},
		"was restarted long ago":           {3, false, running(3, time.Hour), passed},
		"was restarted a moment before":    {3, false, running(3, 0), pending},
		"was restarted while it is waited": {3, false, running(4, time.Hour), failed},
		"is about to be restarted": {3, false,
			container.InspectResponse{State: &container.State{Status: container.StateRestarting}}, failed},
		"ended": {0, false, container.InspectResponse{State: &container.State{Status: container.StateExited}},
			failed},
		"is done": {0, true, container.InspectResponse{State: &container.State{Status: container.StateExited}},
			passed},
		"may end, and fails": {0, true,
			container.InspectResponse{State: &container.State{Status: container.StateExited, ExitCode: 1}}, failed},
	} {
		t.Run(name, func(t *testing.T) {
			if got, why := judge(c.before, c.ends, time.Second)(c.is, 0); got != c.want {
				t.Errorf("%v, %s", got, why)
			}
		})
	}
}
