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
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
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
	// API is the version of the form of this file, which is 1; absent, too.
	API int `toml:"api" json:"api,omitempty"`
	// Davit is the first davit that knows the form: "1.4". An older one names it where it refuses the convention.
	Davit   string `toml:"davit" json:"davit,omitempty"`
	Name    string `toml:"name" json:"name"`
	Version string `toml:"version" json:"version"`
	// Summary is one line about the convention.
	Summary string `toml:"summary" json:"summary,omitempty"`
	// Extends is the convention that it adds to: "gazr@1", "gazr@>=1 <3", with the digest of gazr behind it
	// "gazr@1@sha256:…", or one that is published, "registry.example.com/group/base:1".
	Extends string `toml:"extends" json:"extends,omitempty"`
	// Environments is the promotion order. A convention that extends another one replaces that of the other.
	Environments []string `toml:"environments" json:"environments"`
	// Require names targets that every project has to offer.
	Require []string `toml:"require" json:"require,omitempty"`
	// Targets are its own or, by the name of one of the convention that it extends, changes of that.
	Targets []Target `toml:"targets" json:"targets"`
	// Plugins are those that it brings, and configuration of others, by name. They are its own, without those of the
	// convention that it extends; and so are the templates and the defaults.
	Plugins map[string]Plugin `toml:"plugins" json:"plugins,omitempty"`
	// Templates are folders of templates, by the name that davit new has for them: "./templates/service".
	Templates map[string]string `toml:"templates" json:"templates,omitempty"`
	// Defaults count where project.toml says nothing.
	Defaults Defaults `toml:"defaults" json:"defaults,omitzero"`
	// Digest is that of the file.
	Digest string `toml:"-" json:"digest,omitempty"`
}

// A Plugin is one [plugins.NAME] table of a convention. What it may see beyond the project, project.toml alone grants.
type Plugin struct {
	// From is a .wasm file of the convention ("./acme.wasm") or the reference of a published plugin, which the project.lock
	// of the convention pins. Absent: the plugin is built in.
	From string `toml:"from" json:"from,omitempty"`
	// Off disables the plugin.
	Off bool `toml:"off" json:"off,omitempty"`
	// Config is passed to the plugin; keys in project.toml come before it.
	Config map[string]any `toml:"config" json:"config,omitempty"`
}

// Defaults are values of keys of project.toml, for projects that have none of their own.
type Defaults struct {
	On       string   `toml:"on" json:"on,omitempty" jsonschema:"enum=auto,enum=host,enum=container"`
	Hide     []string `toml:"hide" json:"hide,omitempty"`
	Ignore   []string `toml:"ignore" json:"ignore,omitempty"`
	Env      string   `toml:"env" json:"env,omitempty" jsonschema:"enum=strict"`
	Registry string   `toml:"registry" json:"registry,omitempty"`
}

// A Target is one target of a convention.
type Target struct {
	Name  string `toml:"name"`
	Group string `toml:"group"`
	// Summary is one line of help.
	Summary string `toml:"summary"`
	// Effect is what it may do: reads, builds, writes, runs or ships.
	Effect Effect `toml:"effect" jsonschema:"enum=reads,enum=builds,enum=writes,enum=runs,enum=ships"`
	// AllOf are the targets that it stands for.
	AllOf []string `toml:"all_of"`
	// Aliases are other names for it.
	Aliases []string `toml:"aliases"`
	// Cache says that a result is valid as long as its inputs are the same.
	Cache bool `toml:"cache"`
	// Collects means that a task file's own target of the name is one part more and does not stand for the
	// others.
	Collects bool `toml:"collects"`
	// SharesArgs means that the parts take the same arguments.
	SharesArgs bool `toml:"shares_args"`
	// Required means that every project has to offer it.
	Required bool `toml:"required"`
	// SuggestFor are words that people type for the target, and that may be another one's name in a project: they are
	// suggestions, and no aliases.
	SuggestFor []string `toml:"suggest_for"`
}

// Gazr returns the built-in convention.
var Gazr = sync.OnceValue(func() *Convention {
	c, err := decode("gazr.toml", gazr)
	if err != nil {
		panic(err) // a test reads the same bytes
	}
	return c
})

// Load returns the built-in convention that a name has: "gazr@1", "gazr", or a range of versions. The empty name is gazr.
func Load(name string) (*Convention, error) {
	c := Gazr()
	if name == "" {
		return c, nil
	}
	base, digest, _ := cutDigest(name)
	base, versions, _ := strings.Cut(base, "@")
	in, err := inRange(c.Version, versions)
	switch {
	case base == c.Name && err != nil:
		return nil, err
	case base != c.Name:
		return nil, fmt.Errorf("unknown convention %q, known is %s@%s, a file of the project such as \"./convention.toml\", and one that is published",
			name, c.Name, c.Version)
	case !in:
		return nil, fmt.Errorf("this davit has %s@%s, and no %s", c.Name, c.Version, name)
	case digest != "" && digest != c.Digest:
		return nil, fmt.Errorf("%s@%s of this davit is %s, wanted %s", c.Name, c.Version, c.Digest, digest)
	}
	return c, nil
}

// cutDigest returns a name without the digest behind it.
func cutDigest(name string) (before, digest string, has bool) {
	at := strings.LastIndex(name, "@sha256:")
	if at < 0 {
		return name, "", false
	}
	return name[:at], name[at+1:], true
}

// IsFile reports whether the name of a convention is that of a file.
func IsFile(name string) bool { return strings.HasSuffix(name, ".toml") }

// API is the version of the form of conventions.
const API = 1

// Parse reads a convention from a file, which has a name and a version, and extends another one, which load returns: it has
// all that this one has.
func Parse(file string, data []byte, load func(name string) (*Convention, error)) (*Convention, error) {
	if err := checkAPI(file, data); err != nil {
		return nil, err
	}
	c, err := decode(file, data)
	if err != nil {
		return nil, err
	}
	if gazr := Gazr().Name + "@" + Gazr().Version; c.Extends == "" {
		return nil, strict.At(file, data, nil, fmt.Sprintf("extends = %q keeps its targets", gazr),
			"a convention of a project extends %s, and this one extends nothing", gazr)
	}
	if key, reason := c.invalid(); reason != "" {
		return nil, strict.At(file, data, key, "", "%s: %s", strings.Join(key, "."), reason)
	}
	base, err := load(c.Extends)
	if err != nil {
		return nil, fmt.Errorf("%s: extends %q: %w", file, c.Extends, err)
	}
	return c.over(base, file)
}

// checkAPI returns an error about a convention in a later form, whose other keys this davit may not know.
func checkAPI(file string, data []byte) error {
	var later struct {
		Davit string
		API   int
	}
	strict.Peek(data, &later)
	if later.API <= API {
		return nil
	}
	hint := "install a later davit, or use an earlier version of the convention"
	if later.Davit != "" {
		hint = "install davit " + later.Davit + " or later, or use an earlier version of the convention"
	}
	return fault.Preconditionf(hint, "%s has API %d, and this davit knows API %d", file, later.API, API)
}

// decode reads what a file says.
func decode(file string, data []byte) (*Convention, error) {
	c := &Convention{}
	if err := strict.Decode(file, data, c); err != nil {
		return nil, err
	}
	c.Digest = blobs.Digest(data)
	if c.Extends != "" {
		return c, nil
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
			if _, ok := c.Target(part); !ok || c.parts(part, t.Name, len(c.Targets)) > maxParts {
				return fmt.Errorf("%s: target %q: %q cannot be a part of it", file, t.Name, part)
			}
		}
	}
	return nil
}

// maxParts is how many parts an aggregate may have, those of its parts included.
const maxParts = 1000

// parts returns how many targets a target stands for, itself included. It is more than maxParts if the target stands for
// a certain one, or if they form a circle.
func (c *Convention) parts(name, without string, depth int) int {
	t, _ := c.Target(name)
	n := 1
	if name == without || depth == 0 {
		return maxParts + 1
	}
	for _, part := range t.AllOf {
		if n += c.parts(part, without, depth-1); n > maxParts {
			break
		}
	}
	return n
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
