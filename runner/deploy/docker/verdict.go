package docker

import (
	"fmt"
	"time"

	"github.com/moby/moby/api/types/container"
)

// A verdict is the result of one inspection.
type verdict int

const (
	pending verdict = iota
	passed
	failed
)

// judge returns the verdict on a container of a service that is no job. restarts is how often the engine had
// restarted it before.
func judge(restarts int) func(c container.InspectResponse, waited time.Duration) (verdict, string) {
	return func(c container.InspectResponse, waited time.Duration) (verdict, string) {
		checked := c.State.Health != nil && c.State.Health.Status != container.NoHealthcheck
		if c.State.Status == container.StateRestarting || c.RestartCount > restarts && !checked {
			return failed, "keeps restarting" + lastExit(c.State)
		}
		return assessRunning(c, checked, waited)
	}
}

// lastExit returns how a container ended that is not running; while one runs, the engine does not say how it
// ended before.
func lastExit(s *container.State) string {
	if s.Status == container.StateRunning {
		return ""
	}
	return fmt.Sprintf(", with exit code %d", s.ExitCode)
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
