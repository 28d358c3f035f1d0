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
// restarted it before, ends says that it may end well, and long is how long it has to run where nothing checks it.
func judge(
	restarts int, ends bool, long time.Duration,
) func(c container.InspectResponse, waited time.Duration) (verdict, string) {
	return func(c container.InspectResponse, waited time.Duration) (verdict, string) {
		switch s := c.State; {
		case s.Status == container.StateRestarting || c.RestartCount > restarts && !checked(s):
			return failed, "keeps restarting" + lastExit(s)
		case ends && s.Status == container.StateExited && s.ExitCode == 0:
			return passed, "is done"
		case s.Status == container.StateExited || s.Status == container.StateDead:
			return failed, fmt.Sprintf("ended with exit code %d", s.ExitCode)
		case s.Status != container.StateRunning:
			return pending, "it is " + string(s.Status)
		case checked(s):
			return assessHealth(s.Health)
		case waited < long && !startedBefore(s.StartedAt, long):
			return pending, "it has just started"
		case long == settled: // it is monitored from now on
			return passed, ""
		}
		return passed, "runs"
	}
}

// checked reports whether a container has a health check.
func checked(s *container.State) bool {
	return s.Health != nil && s.Health.Status != container.NoHealthcheck
}

// assessHealth returns the verdict of a health check.
func assessHealth(h *container.Health) (verdict, string) {
	switch h.Status {
	case container.Healthy:
		return passed, "is healthy"
	case container.Unhealthy:
		return failed, "is unhealthy" + lastCheckOutput(h)
	}
	return pending, "its health check has not passed" + lastCheckOutput(h)
}

// lastExit returns how a container ended that is not running; while one runs, the engine does not say how it
// ended before.
func lastExit(s *container.State) string {
	if s.Status == container.StateRunning {
		return ""
	}
	return fmt.Sprintf(", with exit code %d", s.ExitCode)
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
