package release

import "time"

// A Rollout is deploy.update_config of a Compose file: how the containers of a service are replaced.
type Rollout struct {
	// Parallelism is how many containers are replaced at once: 0 is one, and -1 all.
	Parallelism int `json:"parallelism,omitempty"`
	// Delay is the time between two of them.
	Delay time.Duration `json:"delay,omitempty"`
	// OnFailure is what happens when a new container does not become healthy.
	OnFailure FailureAction `json:"on_failure,omitempty"`
}

// Batch returns how many of n containers are replaced at once.
func (u Rollout) Batch(n int) int {
	if u.Parallelism < 0 {
		return max(n, 1)
	}
	return max(min(u.Parallelism, n), 1)
}

// A FailureAction is deploy.update_config.failure_action.
type FailureAction string

// The actions; without one, a deploy that fails returns to the last good release, as with OnFailureRollback.
const (
	OnFailureContinue FailureAction = "continue" // the other containers are replaced nevertheless
	OnFailurePause    FailureAction = "pause"    // everything stays as it is then
	OnFailureRollback FailureAction = "rollback"
)

// Rolls reports whether containers of a service are replaced a few at a time while the others serve.
func (s Service) Rolls() bool {
	return s.Replicas > 1 && len(s.Shares) == 0 && s.Fields["compose.container_name"] == ""
}

// quiet reports whether clients that look names up do not see that containers of a service are replaced one
// after the other: a new one gets its names when it is healthy.
func (s Service) quiet() bool { return s.Checked && len(s.networks()) > 0 && !s.publishes() }
