package release

import "time"

// Observed is what an engine has of an environment.
type Observed struct {
	Model Model `json:"model"`
	// Containers by service.
	Containers map[string][]Container `json:"containers"`
	// Orphans are containers of the environment whose service is in no model, and Strangers those of others on its networks, by name.
	Orphans   []string `json:"orphans,omitempty"`
	Unmanaged []string `json:"unmanaged,omitempty"`
	// Quarantined are the containers that were set aside, the newest first. They are none of the model.
	Quarantined []Quarantined `json:"quarantined,omitempty"`
}

// Container is one container of a service.
type Container struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// State is that of the engine: running, exited, created, restarting, …; Health is healthy, unhealthy, starting, or empty where
	// nothing checks it.
	State   ContainerState `json:"state"`
	Health  HealthState    `json:"health,omitempty"`
	Exit    int            `json:"exit,omitempty"`
	Started time.Time      `json:"started"`
	// Restarts are how often the engine has started it again since.
	Restarts int `json:"restarts,omitempty"`
	// Fields in which it differs from the others of its service are its own; Fields of the model are those of the first.
	Fields Fields `json:"fields"`
	// Made is the sum of the fields that it was made for; empty where davit has not made it.
	Made string `json:"made,omitempty"`
	// Ports that are published, "8080/tcp" = "127.0.0.1:32768".
	Ports map[string]string `json:"ports,omitempty"`
	// Changed are the files in it that differ from its image, "A /etc/x".
	Changed []string `json:"changed,omitempty"`
}

// Build is how the image of a service is built.
type Build struct {
	Context    string            `json:"context"`
	Dockerfile string            `json:"dockerfile"`
	Target     string            `json:"target,omitempty"`
	Args       map[string]string `json:"args,omitempty"`
	Contexts   map[string]string `json:"contexts,omitempty"`
}
