package release

import (
	"time"

	"github.com/davit-dev/davit/internal/secret"
)

// An Environment is a place that releases are deployed to, as project.toml describes it.
type Environment struct {
	// Project is the name of the project, and Name that of the environment.
	Project, Name string
	// Dir is the absolute path of the project; files are relative to it.
	Dir string
	// Compose are the Compose files; none means the usual one, compose.yaml and so on.
	Compose, Profiles, EnvFiles []string
	// Generated is the Compose file of a project that has none on disk; nil for one that has.
	Generated []byte
	// Backend is the kind of engine that runs it: "docker".
	Backend string
	// Engine is the address of the Docker engine, as DOCKER_HOST has it; empty is that of this machine.
	Engine string
	// Machine is the name of the machine that the engine is on; empty for this one.
	Machine string
	// Registry is a registry, and a path in it, that keeps the releases too: "registry.example.com/team";
	// empty for none.
	Registry string
	// Replicas are the numbers of containers of services, by name.
	Replicas map[string]int
	// Reload are the commands of services, by name, that make their programs look up names of other services
	// again.
	Reload map[string]string
	// Down is the service of the Compose files, or the target, that undoes the jobs of a release before a rollback
	// leaves it; empty for none. As a service, it has no containers but then.
	Down string
	// Variables are for the interpolation of the Compose files, besides those of the caller.
	Variables map[string]string
	// SecretFiles are the files that declared secrets come from, by variable; the others are variables themselves.
	SecretFiles map[string]string
	// SecretNames decide which values are kept as references, and hidden where they are printed.
	SecretNames secret.Names
	// Confirm asks before anything is changed.
	Confirm bool
	// Require is the environment in which a release must be healthy first; empty for the lowest.
	Require string
	// Timeout is how long a deploy waits for health.
	Timeout time.Duration
	// Monitor is how long a container that nothing checks has to run before it counts as healthy; 0 is Monitor. A
	// service may say another time in its update_config.
	Monitor time.Duration
	// Ignore are paths of fields, "web.environment.LOG_LEVEL", with "*" for any one part, whose drift does
	// not count.
	Ignore []string
	// Verify are targets that run after a deploy.
	Verify []string
	// Allow are the kinds of access to the machine that the services may have: "privileged", "bind:/etc". Strict
	// refuses all others.
	Allow  []string
	Strict bool
	// Keep is how many releases are kept.
	Keep int
	// Ephemeral makes it an environment for one run of tests, of which nothing stays; nil for all others.
	Ephemeral *Ephemeral
}

// Instance returns the name of the environment on an engine: "shop-staging".
func (e Environment) Instance() string {
	if e.Ephemeral != nil {
		return e.Project + "-" + e.Ephemeral.Name
	}
	return e.Project + "-" + e.Name
}

// An Ephemeral describes the services of a Compose file that one run of tests uses.
type Ephemeral struct {
	// Name is that of the run; it replaces the name of the environment whose Compose files these are.
	Name string
	// Services are those that tests reach by their ports. Their dependencies are started with them.
	Services []string
	// FromContainers says that containers of builds must reach them too, besides programs on this machine.
	FromContainers bool
}
