package release

import "time"

// Observed is the live state of an environment.
type Observed struct {
	Model Model `json:"model"`
	// Containers are by service.
	Containers map[string][]Container `json:"containers"`
	// Folder is that of the project on this machine, to which mounts of the model are relative.
	Folder string `json:"folder,omitempty"`
	// Floating are the keys of the networks on which a new container does not get the address of the one that it
	// replaces.
	Floating []string `json:"floating,omitempty"`
	// Unnamed are the volumes without names that containers had which a destroy has removed without them.
	Unnamed []string `json:"unnamed,omitempty"`
	// Unmanaged are the names of containers that are not davit's: those on the networks of the environment,
	// and those that have its labels and that davit has no record of.
	Unmanaged []string `json:"unmanaged,omitempty"`
	// Guests are those of Unmanaged that run on a network of the environment, sorted.
	Guests []Guest `json:"guests,omitempty"`
	// Adoptable are the things in the model that davit has not made and could adopt.
	Adoptable []Thing `json:"adoptable,omitempty"`
	// Duplicates are projects of other names that were made from the same Compose files.
	Duplicates []ComposeProject `json:"duplicates,omitempty"`
	// Quarantined are the containers in quarantine, the newest first. They are not in the model.
	Quarantined []Quarantined `json:"quarantined,omitempty"`
}

// A Container is one container of a service.
type Container struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Usual is the name that containers of its service and number have, unless the Compose file names another one;
	// empty where the backend has none.
	Usual string `json:"usual,omitempty"`
	// State is the engine's; Health is empty where nothing checks the container.
	State   ContainerState `json:"state"`
	Health  HealthState    `json:"health,omitempty"`
	Exit    int            `json:"exit,omitempty"`
	Started time.Time      `json:"started"`
	// Up is how long it has run, and Restarts is how often the engine has started it again since it was made.
	Up       time.Duration `json:"-"`
	Restarts int           `json:"restarts,omitempty"`
	// Pace is how much time has passed between its restarts, on average; 0 where it was not restarted.
	Pace time.Duration `json:"-"`
	// Fields are its own, which may differ from those of other containers of the service. The fields of the
	// model are those of the first.
	Fields Fields `json:"fields"`
	// Made is the sum of the fields that it was made for; empty where davit has not made it.
	Made string `json:"made,omitempty"`
	// Folder is that of the project from which it was made, to which its mounts are relative; empty where that is the
	// one of this machine, or where it has no such mounts.
	Folder string `json:"folder,omitempty"`
	// Ports are the published ones, "8080/tcp" = "127.0.0.1:32768".
	Ports map[string]string `json:"ports,omitempty"`
	// Changed are the files in it that differ from its image, "A /etc/x".
	Changed []string `json:"changed,omitempty"`
}

// A Build is how the image of a service is built.
type Build struct {
	Context    string            `json:"context"`
	Dockerfile string            `json:"dockerfile"`
	Target     string            `json:"target,omitempty"`
	Args       map[string]string `json:"args,omitempty"`
	Contexts   map[string]string `json:"contexts,omitempty"`
	// At is where the file names it: "compose.yaml:3: services.web.build".
	At string `json:"-"`
}
