package rust

import (
	"slices"
	"strings"
)

// A selection is what a cargo command covers: packages of a workspace, and their features.
type selection struct {
	workspace         bool     // all packages of the workspace, not only those that Cargo covers by itself
	exclude           []string // names of packages of the workspace
	allFeatures       bool
	noDefaultFeatures bool
	features          []string
}

// flags returns the flags of Cargo for a selection.
func (s selection) flags() (flags []string) {
	if s.workspace {
		flags = append(flags, "--workspace")
	}
	for _, name := range s.exclude {
		flags = append(flags, "--exclude", name)
	}
	return append(flags, s.featureFlags()...)
}

// featureFlags returns the flags for the features alone.
func (s selection) featureFlags() (flags []string) {
	if s.noDefaultFeatures {
		flags = append(flags, "--no-default-features")
	}
	if s.allFeatures {
		flags = append(flags, "--all-features")
	}
	if len(s.features) > 0 {
		flags = append(flags, "--features", strings.Join(s.features, ","))
	}
	return flags
}

// covers returns the packages that a command with a selection covers.
func (s selection) covers(u *unit) []*crate {
	if !s.workspace {
		return u.defaults
	}
	return slices.DeleteFunc(slices.Clone(u.members), func(c *crate) bool { return slices.Contains(s.exclude, c.name) })
}

// withFeatures returns the selection with the features of another one.
func (s selection) withFeatures(of selection) selection {
	s.allFeatures, s.noDefaultFeatures, s.features = of.allFeatures, of.noDefaultFeatures, of.features
	return s
}

// enabled returns the features of a package that a command enables: those of its flags, and those that the packages
// that it covers ask for of one another, since Cargo compiles a package once for all of them.
func (s selection) enabled(u *unit, c *crate) map[string]bool {
	on := map[string]bool{}
	if s.allFeatures {
		for name := range c.features {
			c.enable(on, name)
		}
	}
	if !s.noDefaultFeatures {
		c.enable(on, "default")
	}
	for _, name := range s.features {
		c.enable(on, strings.TrimPrefix(name, c.name+"/"))
	}
	for _, other := range s.covers(u) {
		for _, name := range other.asks[c.name] {
			c.enable(on, name)
		}
	}
	return on
}

// enable adds a feature of a package, and those that it enables.
func (c *crate) enable(on map[string]bool, name string) {
	if _, known := c.features[name]; !known || on[name] {
		return
	}
	on[name] = true
	for _, next := range c.features[name] {
		c.enable(on, next)
	}
}
