package release

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A State says two things about a service, or a whole environment, that do not depend on each other: whether
// it is what was deployed, and whether it works.
type State struct {
	InSync bool `json:"in_sync"`
	// Drift is why it is not in sync.
	Drift   []Difference `json:"drift,omitempty"`
	Healthy bool         `json:"healthy"`
	// Reason says why it is not healthy, or describes its health.
	Reason string `json:"reason"`
}

// Assess returns the state of each service of the last release, and of those that run besides, and the state
// of the whole environment.
func Assess(applied Model, live Observed, ignore []string) (services map[string]State, whole State) {
	live = live.within(applied)
	drift := Drift(applied, live, ignore)
	services, whole = map[string]State{}, State{
		InSync: len(drift) == 0, Drift: drift[""], Healthy: len(applied.Services) > 0,
	}
	var unhealthy []string
	for _, name := range union(applied.Services, live.Model.Services) {
		s := State{InSync: len(drift[name]) == 0, Drift: drift[name]}
		s.Healthy, s.Reason = health(applied.Services[name], live.Containers[name])
		if _, meant := applied.Services[name]; meant && !s.Healthy {
			unhealthy = append(unhealthy, name+" "+s.Reason)
		}
		services[name] = s
	}
	if len(applied.Services) == 0 {
		whole.Reason = "nothing is deployed"
		return services, whole
	}
	whole.Healthy, whole.Reason = len(unhealthy) == 0, strings.Join(unhealthy, "; ")
	return services, whole
}

// health returns whether a service is healthy, and a description, from its containers.
func health(want Service, containers []Container) (bool, string) {
	if want.Skipped {
		return true, "skipped"
	}
	if want.undone(containers) {
		return false, whyUndone
	}
	if want.Job {
		return jobHealth(containers)
	}
	well, done, why := 0, 0, ""
	containers = want.withoutSpare(containers)
	for _, c := range containers {
		if want.Ends && c.done() {
			done++
		} else if healthy, reason := c.healthy(want); healthy {
			well++
		} else if why == "" {
			why = reason
		}
	}
	total := max(want.Replicas, len(containers))
	switch {
	case total == 0:
		return true, "has no replicas"
	case done >= total:
		return true, "done"
	case well+done >= total:
		return true, fmt.Sprintf("%d of %d", well+done, total)
	case why == "":
		why = "missing"
	}
	return false, fmt.Sprintf("%d of %d: %s", well+done, total, why)
}

// jobHealth is health for a job. A job without a container has succeeded: one that failed is never recorded
// as deployed.
func jobHealth(containers []Container) (bool, string) {
	for _, c := range containers {
		switch {
		case c.State == StateCreated:
			return false, "was not started"
		case c.State == StateRunning:
			return false, "has not ended"
		case c.Exit != 0:
			return false, fmt.Sprintf("exit code %d", c.Exit)
		}
	}
	return true, "done"
}

// done reports whether a container has ended well.
func (c Container) done() bool { return c.State == StateExited && c.Exit == 0 }

// Monitor is how long a container that nothing checks has to run before it counts as healthy, and one that is checked
// after it was restarted. Each restart doubles that, up to an hour, so that a crash loop of any pace is not healthy, and a
// restart of long ago is forgiven.
const Monitor = 5 * time.Second

// healthy reports whether a container of a service runs and no check says that it is unhealthy, or is done, and
// otherwise why not.
func (c Container) healthy(of Service) (bool, string) {
	switch {
	case of.Ends && c.done():
		return true, "done"
	case c.State == StateExited || c.State == StateDead:
		return false, fmt.Sprintf("%s with exit code %d", c.State, c.Exit)
	case c.State != StateRunning:
		return false, string(c.State)
	case c.Health != HealthNone && c.Health != HealthHealthy:
		return false, string(c.Health)
	case c.Restarts > 0 && c.Up < c.trial(of):
		return false, restarted(c.Restarts)
	}
	return true, "running"
}

// withoutSpare leaves out the containers that are more than wanted and were just started: a deploy that starts first has
// such while the others serve.
func (s Service) withoutSpare(containers []Container) []Container {
	spare := len(containers) - s.Replicas
	return slices.DeleteFunc(slices.Clone(containers), func(c Container) bool {
		leave := spare > 0 && c.Health == HealthStarting && c.State == StateRunning && c.Restarts == 0
		if leave {
			spare--
		}
		return leave
	})
}

// trial returns how long a container that was restarted has to run before it counts as healthy.
func (c Container) trial(of Service) time.Duration {
	return min(time.Hour, cmp.Or(of.Monitor, Monitor)<<min(c.Restarts, 12))
}

// restarted returns how often a container was restarted, for a reader.
func restarted(times int) string {
	if times == 1 {
		return "has restarted once"
	}
	return fmt.Sprintf("has restarted %d times", times)
}
