package app

import (
	"maps"
	"slices"

	"github.com/davit-dev/davit/internal/tree"
)

// checkGlobs returns an error about a glob in project.toml that is invalid or made to take for ever.
func (l loader) checkGlobs() error {
	for _, list := range []struct {
		key   string
		globs []string
	}{{"hide", l.Config.Hide}, {"ignore", l.Config.Ignore}} {
		if fault := tree.GlobsFault(list.globs); fault != "" {
			return l.Config.Fault([]string{list.key}, "", "%s: %s", list.key, fault)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.Config.Targets)) {
		if fault := tree.GlobsFault(l.Config.Targets[name].Inputs); fault != "" {
			return l.Config.Fault([]string{"targets", name, "inputs"}, "", "inputs: %s", fault)
		}
	}
	return nil
}
