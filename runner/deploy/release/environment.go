package release

import "time"

// Environment is a place that releases go to, as project.toml describes it.
type Environment struct {
	// Project is the name of the project, and Name that of the environment.
	Project, Name string
	// Dir is the absolute path of the project; files are relative to it.
	Dir string
	// Compose are the Compose files; none is the usual one, compose.yaml and so on.
	Compose, Profiles, EnvFiles []string
	// Generated is the Compose file of a project that has none, which no file holds; nil for one that has.
	Generated []byte
	// Backend is what runs it: "docker".
	Backend string
	// Engine is the address of the Docker engine, as DOCKER_HOST has it; empty is that of this machine.
	Engine string
	// Machine is the name of the one that the engine is on; empty for this one.
	Machine string
	// Registry, and a path in it, that keeps the releases too: "registry.example.com/team"; empty for none.
	Registry string
	// Replicas of services, by name.
	Replicas map[string]int
	// Variables for the interpolation of the Compose files, beside those of the caller.
	Variables map[string]string
	// Confirm asks before anything is changed.
	Confirm bool
	// Require is the environment in which a release must stand healthy first; empty for the lowest.
	Require string
	// Timeout is how long a deploy waits for health.
	Timeout time.Duration
	// Ignore are paths of fields, "web.environment.LOG_LEVEL", with "*" for any one part, whose drift is none.
	Ignore []string
	// Verify are targets that run after a deploy.
	Verify []string
	// Keep is how many releases are kept.
	Keep int
	// Ephemeral makes it an environment for one run of tests, of which nothing is to stay; nil for all others.
	Ephemeral *Ephemeral
}

// Instance is the name by which engines know the environment: "shop-staging".
func (e Environment) Instance() string {
	if e.Ephemeral != nil {
		return e.Project + "-" + e.Ephemeral.Name
	}
	return e.Project + "-" + e.Name
}

// Ephemeral is what tests have of the services of a Compose file.
type Ephemeral struct {
	// Name of the run, in the place of that of the environment whose Compose files these are.
	Name string
	// Services that are used, and reached by their ports. What they depend on comes with them.
	Services []string
	// FromContainers tells that containers of builds are to reach them too, beside the programs of this machine.
	FromContainers bool
}
