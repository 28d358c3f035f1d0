// Package conventions defines what target names mean, as data, and finds the plugin that offers each target.
//
// A Convention is a set of targets and what each of them promises. It is read from TOML; gazr is built in.
// Convention.Resolve compares it with the plans of the plugins. What the project itself says (project.toml,
// then its task file) beats what a plugin infers from a stack, and plugins of different stacks are used
// together. The package reads no files and runs nothing, so what "davit explain" prints about a target is the
// data that "davit TARGET" uses.
package conventions

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"github.com/davit-dev/davit/internal/strict"
)

//go:embed gazr.toml
var gazr []byte

// An Effect is what a target may do to the project and to the world.
type Effect string

// The effects, the strictest first.
const (
	Reads  Effect = "reads"
	Builds Effect = "builds"
	Writes Effect = "writes"
	Runs   Effect = "runs"
	Ships  Effect = "ships"
)

var effects = []Effect{Reads, Builds, Writes, Runs, Ships}

// Stricter returns the effect that allows less.
func (e Effect) Stricter(other Effect) Effect {
	if slices.Index(effects, e) <= slices.Index(effects, other) {
		return e
	}
	return other
}

// A Convention is a set of targets and the promotion order of environments.
type Convention struct {
	Name         string   `toml:"name"`
	Version      string   `toml:"version"`
	Environments []string `toml:"environments"`
	Targets      []Target `toml:"targets"`
}

// A Target is one target of a convention.
type Target struct {
	Name    string   `toml:"name"`
	Group   string   `toml:"group"`
	Summary string   `toml:"summary"`
	Effect  Effect   `toml:"effect"`
	AllOf   []string `toml:"all_of"`
	Aliases []string `toml:"aliases"`
	Cache   bool     `toml:"cache"`
	// Collects means that a task file's own target of the name is one part more and does not stand for the
	// others.
	Collects bool `toml:"collects"`
	// SharesArgs means that the parts take the same arguments.
	SharesArgs bool `toml:"shares_args"`
	Required   bool `toml:"required"`
	// SuggestFor are words that people type for the target, and that may be another one's name in a project: they are
	// suggestions, and no aliases.
	SuggestFor []string `toml:"suggest_for"`
}

// Gazr returns the built-in convention.
var Gazr = sync.OnceValue(func() *Convention {
	c, err := Parse("gazr.toml", gazr)
	if err != nil {
		panic(err) // a test reads the same bytes
	}
	return c
})

// Load returns the convention that project.toml names: "gazr@1" or "gazr". The empty name is gazr.
func Load(name string) (*Convention, error) {
	c := Gazr()
	if name == "" || name == c.Name || name == c.Name+"@"+c.Version {
		return c, nil
	}
	return nil, fmt.Errorf("unknown convention %q, known is %s@%s", name, c.Name, c.Version)
}

// Parse reads a convention from TOML.
func Parse(file string, data []byte) (*Convention, error) {
	c := &Convention{}
	if err := strict.Decode(file, data, c); err != nil {
		return nil, err
	}
	return c, c.check(file)
}

func (c *Convention) check(file string) error {
	taken := map[string]bool{}
	for _, t := range c.Targets {
		for _, name := range append([]string{t.Name}, t.Aliases...) {
			if name == "" || taken[name] {
				return fmt.Errorf("%s: the name %q appears twice", file, name)
			}
			taken[name] = true
		}
		if !slices.Contains(effects, t.Effect) {
			return fmt.Errorf("%s: target %q: effect is %q, wanted one of %q", file, t.Name, t.Effect,
				effects)
		}
	}
	for _, t := range c.Targets {
		for _, part := range t.AllOf {
			if p, ok := c.Target(part); !ok || p.Name == t.Name || slices.Contains(p.AllOf, t.Name) {
				return fmt.Errorf("%s: target %q: %q cannot be a part of it", file, t.Name, part)
			}
		}
	}
	return nil
}

// Target returns the target with a name. Aliases are not names.
func (c *Convention) Target(name string) (Target, bool) {
	i := slices.IndexFunc(c.Targets, func(t Target) bool { return t.Name == name })
	if i < 0 {
		return Target{}, false
	}
	return c.Targets[i], true
}

// Names returns the names of all targets.
func (c *Convention) Names() (names []string) {
	for _, t := range c.Targets {
		names = append(names, t.Name)
	}
	return names
}

// Knows reports whether a name is that of a target or an alias.
func (c *Convention) Knows(name string) bool {
	_, ok := c.Target(c.Canonical(name))
	return ok
}

// Canonical returns the name of the target that has an alias, or the given name if it is not an alias.
func (c *Convention) Canonical(name string) string {
	for _, t := range c.Targets {
		if slices.Contains(t.Aliases, name) {
			return t.Name
		}
	}
	return name
}
