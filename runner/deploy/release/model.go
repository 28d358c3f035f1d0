package release

import "time"

// A Model is the desired or the live state of one environment.
type Model struct {
	// Project is the name of the environment on engines: "shop-staging".
	Project  string             `json:"project"`
	Services map[string]Service `json:"services"`
	Networks map[string]Fields  `json:"networks,omitempty"`
	Volumes  map[string]Fields  `json:"volumes,omitempty"`
}

// Fields describe a thing, by path: "image" = "sha256:…", "environment.PORT" = "8080", "ports.8080/tcp" =
// "127.0.0.1:80". A list without an order has its elements as paths, with an empty text.
type Fields map[string]string

// A Service is one service of a model.
type Service struct {
	Fields Fields `json:"fields"`
	// Inherited are fields that a container has from its image, or as the engine's default. They make no
	// difference where the model has none. Only live services have them, and have them in Fields too.
	Inherited Fields `json:"inherited,omitempty"`
	// SelfModified are the files that its containers modify themselves, "A /run/x", as seen when they had
	// become healthy.
	SelfModified []string `json:"self_modified,omitempty"`
	// Mixed are the containers that were made for another model than the first, by name. Only live services
	// have them.
	Mixed []string `json:"mixed,omitempty"`
	// Replicas is the number of its containers.
	Replicas int `json:"replicas"`
	// Job says that it runs to its end, once, before the services that need it. A live model has only jobs
	// that succeeded.
	Job bool `json:"job,omitempty"`
	// Ends says that a container of it is done when it has ended with 0: no policy starts it again, nothing checks
	// its health, and it publishes no port.
	Ends bool `json:"ends,omitempty"`
	// Skipped says that it was not run on the way back to the release: what ran last is of another one.
	Skipped bool `json:"skipped,omitempty"`
	// Undone says that a way down has undone what the job did, or was doing so when its davit was killed.
	Undone bool `json:"-"`
	// Monitor is how long its containers have to run before they count as healthy, where nothing checks them.
	Monitor time.Duration `json:"monitor,omitempty"`
	// StartFirst says that new containers can be healthy before the old ones stop; Reason says why, or why
	// not.
	StartFirst bool   `json:"start_first,omitempty"`
	Reason     string `json:"reason,omitempty"`
	// Checked says that a health check tells when a container is ready.
	Checked bool `json:"checked,omitempty"`
	// Rollout says how many containers are replaced at once.
	Rollout Rollout `json:"rollout,omitzero"`
	// Reload is the command that makes its program look up the names of other services again; empty for none.
	Reload string `json:"reload,omitempty"`
	// Needs are the services that it depends on.
	Needs []string `json:"needs,omitempty"`
	// Shares are the services whose containers it shares, with the key of the Compose file that says so.
	Shares map[string]string `json:"shares,omitempty"`
	// Restarts are the dependencies after which it restarts when they are replaced.
	Restarts []string `json:"restarts,omitempty"`
}
