package app

import (
	"maps"
	"slices"

	"github.com/davit-dev/davit/internal/tree"
)

// checkGlobs returns an error about an invalid glob in project.toml.
func (l loader) checkGlobs() error {
	for _, glob := range l.Config.Hide {
		if !tree.ValidGlob(glob) {
			return l.Config.Fault([]string{"hide"}, "", "hide: %q is not a glob", glob)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.Config.Targets)) {
		for _, glob := range l.Config.Targets[name].Inputs {
			if !tree.ValidGlob(glob) {
				return l.Config.Fault([]string{"targets", name, "inputs"}, "", "inputs: %q is not a glob",
					glob)
			}
		}
	}
	return nil
}
