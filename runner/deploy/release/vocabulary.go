package release

import (
	"slices"
	"strings"
)

// Common are the first parts of the paths of fields that every backend has. All others are of one backend, and begin with its name:
// "docker.hostname". Paths below "compose." are those that no backend is asked for.
var Common = []string{
	"image", "command", "entrypoint", "environment", "labels", "user", "working_dir", "read_only", "privileged", "ports", "volumes", "tmpfs",
	"networks", "configs", "secrets", "healthcheck", "cap_add", "cap_drop", "memory", "cpus", "compose", "containers",
}

// QualifyPath returns a path as the vocabulary has it: one that is not common begins with the name of the backend. On a network, a backend's
// own are the names and addresses of a service.
func QualifyPath(backend, path string) string {
	first, rest, _ := strings.Cut(path, ".")
	_, below, deep := strings.Cut(rest, ".")
	own := first == "networks" && deep && below != ""
	if first == backend || slices.Contains(Common, first) && !own {
		return path
	}
	return backend + "." + path
}

// Qualify returns fields with the paths of the vocabulary.
func (f Fields) Qualify(backend string) Fields {
	qualified := make(Fields, len(f))
	for path, text := range f {
		qualified[QualifyPath(backend, path)] = text
	}
	return qualified
}
