package release

// Model is what runs, or is to run, in one environment.
type Model struct {
	// Project is the name that engines know the environment by: "shop-staging".
	Project  string             `json:"project"`
	Services map[string]Service `json:"services"`
	Networks map[string]Fields  `json:"networks,omitempty"`
	Volumes  map[string]Fields  `json:"volumes,omitempty"`
}

// Fields are what a thing is, by path: "image" = "sha256:…", "environment.PORT" = "8080", "ports.8080/tcp" = "127.0.0.1:80". A list
// without an order has its elements as paths, with an empty text.
type Fields map[string]string

// Service is one service of a model.
type Service struct {
	Fields Fields `json:"fields"`
	// Inherited are fields that a container has from its image, or as the engine's default: no difference where the model says nothing.
	// Only live services have them, and have them in Fields too.
	Inherited Fields `json:"inherited,omitempty"`
	// SelfModified are the files that its containers change by themselves, "A /run/x", as seen when they had become healthy.
	SelfModified []string `json:"self_modified,omitempty"`
	// Mixed are the containers that were made for another model than the first, by name. Only live services have them.
	Mixed []string `json:"mixed,omitempty"`
	// Replicas are how many containers it has.
	Replicas int `json:"replicas"`
	// Job says that it runs to its end, once, before those that need it. A live model has those that ended well only.
	Job bool `json:"job,omitempty"`
	// StartFirst says that new containers can be healthy before the old ones go; Because says why, or why not.
	StartFirst bool   `json:"start_first,omitempty"`
	Reason     string `json:"reason,omitempty"`
	// Needs are the services that it comes after.
	Needs []string `json:"needs,omitempty"`
	// Shares are the services whose containers it shares, with the key of the Compose file that says so.
	Shares map[string]string `json:"shares,omitempty"`
	// Restarts are those of them that it is restarted after when they are replaced.
	Restarts []string `json:"restarts,omitempty"`
}
