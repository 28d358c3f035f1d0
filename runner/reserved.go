package runner

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/plugins/plan"
)

// Reserved is what a step may not write, wherever davit itself writes for it: files of its plan, results that come back,
// outputs of a container. It is for steps of plugins that are not built in; those of others are commands of the user.
type Reserved struct {
	// Paths are files and folders, relative to the project, each with the rest of a sentence that says why: "is a plugin
	// of the project".
	Paths map[string]string
	// Pipelines says that the files of pipelines are among it, too.
	Pipelines bool
}

// Why returns why a path is not to be written, as the rest of a sentence that begins with the path; "" if it may be. What
// nobody may write is git's own; what no plugin may write is what says what davit does.
func (r *Reserved) Why(name string) string {
	name = path.Clean(name)
	if r == nil {
		return plan.OutOfBounds(name)
	}
	why := plan.Guarded(name)
	for _, reserved := range slices.Sorted(maps.Keys(r.Paths)) {
		if why == "" && Overlaps(name, reserved) {
			why = r.Paths[reserved]
		}
	}
	if why == "" && r.Pipelines && plan.IsPipeline(name) {
		why = "runs in pipelines"
	}
	return why
}

// Refuse returns an error if a path of a plan leads to one that is not to be written.
func (r *Reserved) Refuse(name, there string) error {
	switch why := r.Why(there); {
	case why == "":
		return nil
	case path.Clean(there) == path.Clean(name):
		return fault.Preconditionf("", "%q %s", name, why)
	default:
		return fault.Preconditionf("remove the link", "%q leads to %q, which %s", name, there, why)
	}
}

// Overlaps reports whether a path is, is in or contains another one, as file systems compare that ignore case.
func Overlaps(one, other string) bool {
	a, b := strings.ToLower(path.Clean(one))+"/", strings.ToLower(path.Clean(other))+"/"
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}
