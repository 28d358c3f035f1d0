package release

import (
	"cmp"
	"strings"
)

// VolumesFrom is the key by which a service shares the volumes of another.
const VolumesFrom = "volumes_from"

// SharedMount ends the field of a mount of a volume without a name that a container has by volumes_from: it belongs to
// the container which it had it from.
const SharedMount = " of another container"

// GoneMount ends the field of a mount that a container has by volumes_from, and that the container which it had it from
// has no more.
const GoneMount = " of a container that was replaced"

// GoneShare ends the field of a network, or of processes, that a container shares with one which has started again since.
const GoneShare = ", which has started again since"

// SharedModes returns the modes of the entries of volumes_from, "web:ro", "container:db" or "ID:ro", as a field has them:
// "ro rw". It is empty where all volumes can be written to.
func SharedModes(entries []string) string {
	var modes []string
	limited := false
	for _, entry := range entries {
		_, mode, _ := strings.Cut(strings.TrimPrefix(entry, "container:"), ":")
		mode = cmp.Or(mode, "rw")
		modes, limited = append(modes, mode), limited || mode != "rw"
	}
	if !limited {
		return ""
	}
	return strings.Join(modes, " ")
}
