package release

import (
	"slices"
	"strings"
)

// Common lists the first parts of the paths of fields that every backend has. All others belong to one
// backend, and begin with its name: "docker.hostname". Paths below "compose." are those that no backend is
// asked for.
var Common = []string{
	"image", "command", "entrypoint", "environment", "labels", "user", "working_dir", "read_only",
	"privileged", "ports", "volumes", "tmpfs",
	"networks", "configs", "secrets", "healthcheck", "cap_add", "cap_drop", "memory", "cpus", "compose",
	"containers",
}

// QualifyPath returns a path with the name of the backend in front, unless it is common. On a network, the
// aliases and addresses of a service belong to the backend.
func QualifyPath(backend, path string) string {
	first, rest, _ := strings.Cut(path, ".")
	_, below, deep := strings.Cut(rest, ".")
	own := first == "networks" && deep && below != ""
	if first == backend || slices.Contains(Common, first) && !own {
		return path
	}
	return backend + "." + path
}

// Qualify returns fields with qualified paths.
func (f Fields) Qualify(backend string) Fields {
	qualified := make(Fields, len(f))
	for path, text := range f {
		qualified[QualifyPath(backend, path)] = text
	}
	return qualified
}
