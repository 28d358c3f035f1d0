package project

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/suggest"
	"github.com/davit-dev/davit/plugins/plan"
)

// An Environment is one [environments.NAME] table: a place that releases are deployed to.
type Environment struct {
	// Compose are the Compose files, each merged over the ones before it; absent, the default one.
	Compose []string `toml:"compose"`
	// Profiles are the active profiles of the Compose files.
	Profiles []string `toml:"profiles"`
	// EnvFiles are files with values for the interpolation of the Compose files; absent, .env.
	EnvFiles []string `toml:"env_files"`
	// Backend is the backend, one of Backends; absent, the first.
	Backend string `toml:"backend" jsonschema:"enum=docker"`
	// Engine is the address of a Docker engine: "ssh://deploy@example.com", or "docker://CONTEXT"; absent,
	// that of this machine.
	Engine string `toml:"engine"`
	// Registry = false keeps the releases on the engine only, although the project has a registry.
	Registry *bool `toml:"registry"`
	// Replicas are the replicas of services by name.
	Replicas map[string]int `toml:"replicas"`
	// Reload are the commands of services, by name, that make their programs look up the names of others again.
	Reload map[string]string `toml:"reload"`
	// Down is a service or a target that undoes the jobs of a release before a rollback leaves it.
	Down string `toml:"down"`
	// Variables are for the interpolation, and beat those of the files and of the caller.
	Variables map[string]string `toml:"variables"`
	// Confirm = false deploys without a question.
	Confirm *bool `toml:"confirm"`
	// Require is the environment in which a release must be healthy first. Absent, it is the previous one.
	Require string `toml:"require"`
	// Timeout is how many seconds a deploy waits for health.
	Timeout int `toml:"timeout"`
	// Monitor is how many seconds a container without a health check has to run before it counts as healthy.
	Monitor int `toml:"monitor"`
	// Ignore are fields that may differ from the release: "web.environment.LOG_LEVEL", "*.labels.*".
	Ignore []string `toml:"ignore"`
	// Verify are targets that run after a deploy. If they fail, it fails.
	Verify []string `toml:"verify"`
	// Keep is how many releases are kept.
	Keep int `toml:"keep"`
	// Allow are the kinds of access to the machine that services may have, such as "privileged" or "bind:/etc";
	// see Accesses. They are not named any more.
	Allow []string `toml:"allow"`
	// Sign is the private key that signs releases: a file, or a variable as "env://NAME".
	Sign string `toml:"sign"`
	// Strict = true refuses all access that is not allowed.
	Strict bool `toml:"strict"`
}

// Backends are the names of the backends for environments.
var Backends = []string{"docker"}

// environmentPattern matches names that engines accept as a part of a name.
var environmentPattern = sync.OnceValue(
	func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`) })

// environmentFaults returns the faults of one table.
func (p *Project) environmentFaults(name string, e Environment) (faults []error) {
	fault := func(key, hint, format string, args ...any) {
		at := []string{"environments", name}
		if key != "" {
			at = append(at, key)
		}
		faults = append(faults, p.Fault(at, hint, format, args...))
	}
	if !environmentPattern().MatchString(name) {
		fault("", "lower case, digits, - and _", "%q cannot be the name of an environment", name)
	}
	if _, known := p.Environments[e.Require]; e.Require != "" && !known {
		fault("require", p.nearEnvironment(e.Require),
			"require = %q, which is not an environment of this file",
			e.Require)
	}
	if e.Backend != "" && !slices.Contains(Backends, e.Backend) {
		fault("backend", "", "backend = %q, wanted %s", e.Backend, strings.Join(Backends, " or "))
	}
	if e.Timeout < 0 {
		fault("timeout", "", "timeout = %d, wanted seconds", e.Timeout)
	}
	if e.Monitor < 0 {
		fault("monitor", "", "monitor = %d, wanted seconds", e.Monitor)
	}
	if e.Keep < 0 {
		fault("keep", "", "keep = %d, wanted how many releases are kept", e.Keep)
	}
	for _, service := range slices.Sorted(maps.Keys(e.Replicas)) {
		if e.Replicas[service] < 0 {
			fault("replicas", "", "replicas: %q has %d", service, e.Replicas[service])
		}
	}
	for _, service := range slices.Sorted(maps.Keys(e.Reload)) {
		if strings.TrimSpace(e.Reload[service]) == "" {
			fault("reload", `"true" does nothing, for a program that looks names up by itself`,
				"reload: %q has no command", service)
		}
	}
	for _, target := range append(slices.Clone(e.Verify), e.Down) {
		if p.Targets[target].Confirm != "" {
			fault("", "confirm = true of the environment asks before anything changes",
				"target %q asks (confirm), and would ask when %s has been changed", target, name)
		}
	}
	for _, variable := range slices.Sorted(maps.Keys(e.Variables)) {
		if !plan.ValidVariable(variable) {
			fault("variables", variableHint, "variables: %q is not the name of a variable", variable)
		}
	}
	if e.Down != strings.TrimSpace(e.Down) {
		fault("down", "", "down = %q, wanted the name of a service or of a target", e.Down)
	}
	for _, access := range e.Allow {
		if reason, hint := badAccess(access); reason != "" {
			fault("allow", hint, "allow: %s", reason)
		}
	}
	for _, path := range e.Ignore {
		if badField(path) {
			fault("ignore", "", `ignore: %q is not a field of a service, such as "web.environment.LOG_LEVEL"`,
				path)
		}
	}
	return faults
}

// Accesses are the kinds of access to the machine; true is one with a value: "bind:/etc".
var Accesses = map[string]bool{
	"bind": true, "cap-add": true, "device": true, "engine-socket": false, "privileged": false, "pid-host": false,
	"network-host": false, "ipc-host": false, "uts-host": false, "userns-host": false, "cgroup-host": false,
	"unconfined": false, "outside-file": true,
}

// badAccess returns what is wrong with an access, and a hint.
func badAccess(access string) (reason, hint string) {
	kind, value, has := strings.Cut(access, ":")
	valued, known := Accesses[kind]
	kinds := slices.Sorted(maps.Keys(Accesses))
	switch {
	case !known:
		hint = "it is one of " + strings.Join(kinds, ", ")
		if near := suggest.Nearest(kind, kinds); len(near) > 0 {
			hint = "did you mean " + suggest.Quoted(near) + "?"
		}
		return fmt.Sprintf("%q is no access to the machine", access), hint
	case has && !valued:
		return fmt.Sprintf("%q has a value, and %q takes none", access, kind), ""
	case has && value == "":
		return fmt.Sprintf("%q has no value", access), fmt.Sprintf("%q alone allows all of them", kind)
	case has && (kind == "bind" || kind == "outside-file") && (!strings.HasPrefix(value, "/") || path.Clean(value) != value):
		return fmt.Sprintf("%q is no absolute path in its shortest form", value), ""
	}
	return "", ""
}

// badField reports whether a path is not that of a field: a service, and a field of it.
func badField(path string) bool {
	service, field, _ := strings.Cut(path, ".")
	return service == "" || field == "" || strings.ContainsFunc(path, isSpace)
}

// nearEnvironment returns a hint with the environment that was probably meant.
func (p *Project) nearEnvironment(name string) string {
	if near := suggest.Nearest(name, slices.Sorted(maps.Keys(p.Environments))); len(near) > 0 {
		return "did you mean \"" + near[0] + "\"?"
	}
	return ""
}
