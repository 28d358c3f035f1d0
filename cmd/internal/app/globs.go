package app

import (
	"maps"
	"slices"

	"github.com/davit-dev/davit/internal/tree"
)

// checkGlobs returns an error about an invalid glob in project.toml.
func (l loader) checkGlobs() error {
	for _, list := range []struct {
		key   string
		globs []string
	}{{"hide", l.Config.Hide}, {"ignore", l.Config.Ignore}} {
		for _, glob := range list.globs {
			if !tree.ValidGlob(glob) {
				return l.Config.Fault([]string{list.key}, "", "%s: %q is not a glob", list.key, glob)
			}
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
