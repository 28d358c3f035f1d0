package app

import (
	"maps"
	"slices"

	"github.com/davit-dev/davit/internal/tree"
)

// globs returns an error about what stands in project.toml as a glob and is none.
func (p *Project) globs() error {
	for _, glob := range p.Config.Hide {
		if !tree.ValidGlob(glob) {
			return p.Config.Fault([]string{"hide"}, "", "hide: %q is not a glob", glob)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Config.Targets)) {
		for _, glob := range p.Config.Targets[name].Inputs {
			if !tree.ValidGlob(glob) {
				return p.Config.Fault([]string{"targets", name, "inputs"}, "", "inputs: %q is not a glob", glob)
			}
		}
	}
	return nil
}
