package main

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/precommit"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A pin is the version of a program that the project wants.
type pin struct {
	// list is the requirement of the program, then those of what is installed next to it.
	list []requirement
	// why is the evidence, empty if nobody says which version it is.
	why    string
	locked bool // the lock file of the manager has it
	hooked bool // it is that of a hook of pre-commit
}

// pinOf returns the version of a checker's program, and records the decision. The first of these counts: the
// lock file of the manager, an exact requirement of the project, the revision of the hook, what a pipeline
// installs, the version that the program's own configuration requires, any other requirement.
func (c *checks) pinOf(k checker) pin {
	p := c.findPin(k.name, k.hook)
	switch {
	case p.locked:
		c.decide("%s in the version of %s", k.name, p.why)
	case p.why != "":
		c.decide("%s, because %s", p.list[0], p.why)
	default:
		c.decide("nobody pins %s: the one in PATH, else the newest", k.name)
	}
	return p
}

func (c *checks) findPin(name string, h *precommit.Hook) pin {
	declared, ok := c.requires(name)
	if lock := c.lockedBy(name); lock != "" {
		return pin{list: c.withPlugins(name, declared), why: lock, locked: true}
	}
	if ok && declared.exact() {
		return pin{list: c.withPlugins(name, declared), why: "the project requires it"}
	}
	for _, find := range []func(string) pin{c.requirementsPin, hookPin(h), c.pipelinePin, c.ownPin} {
		if p := find(name); p.why != "" {
			return p
		}
	}
	if !ok {
		return pin{list: c.withPlugins(name, requirement(name))}
	}
	p := pin{list: c.withPlugins(name, declared)}
	if declared.constrained() {
		p.why = "the project requires it"
	}
	return p
}

// exact reports whether a requirement accepts one version.
func (r requirement) exact() bool {
	spec, _, _ := strings.Cut(string(r), ";")
	return strings.Contains(spec, "==") || strings.Contains(spec, "@")
}

// constrained reports whether a requirement does not accept every version.
func (r requirement) constrained() bool {
	spec, _, _ := strings.Cut(string(r), ";")
	return strings.ContainsAny(spec, "=<>~@")
}

// lockedBy returns the lock file of the manager if it has a program.
func (c *checks) lockedBy(name string) string {
	lock := c.manager.lock()
	if lock == "" || !c.exists(lock) && !c.inWorkspace() {
		return ""
	}
	for _, sets := range []map[string][]requirement{{"": c.runtime}, c.extras, c.groups} {
		if len(c.setsWith(sets, []string{name})) > 0 {
			return lock
		}
	}
	return ""
}

// requirementsPin looks for an exact version in all requirements files: those for linters are no manifests of
// the project.
func (c *checks) requirementsPin(name string) pin {
	for _, dir := range []string{".", "requirements"} {
		for _, file := range c.List(c.at(dir)) {
			if !strings.HasSuffix(file, ".txt") || dir == "." && !strings.Contains(file, "requirements") {
				continue
			}
			file = path.Join(dir, file)
			text, _ := c.Read(c.at(file))
			list := parseRequirements(text).list
			if r, ok := declares(list, name); ok && r.exact() {
				return pin{list: append([]requirement{r}, pluginsOf(name, list)...), why: "of " + file}
			}
		}
	}
	return pin{}
}

func pluginsOf(name string, list []requirement) []requirement {
	return slices.DeleteFunc(slices.Clone(list), func(r requirement) bool { return !pluginOf(name, r) })
}

// hookPin returns a function that returns the version of a hook.
func hookPin(h *precommit.Hook) func(string) pin {
	return func(name string) pin {
		if h == nil || h.VersionOf(name) == "" {
			return pin{}
		}
		p := pin{list: []requirement{requirement(name + "==" + h.VersionOf(name))},
			why: "of its rev in " + precommit.File, hooked: true}
		for _, r := range requirements(h.Dependencies) {
			if r.name() == name {
				p.list[0] = withExtras(p.list[0], r)
			} else {
				p.list = append(p.list, r)
			}
		}
		return p
	}
}

// withExtras adds the extras of a requirement to another one: "bandit[toml]" to "bandit==1.8".
func withExtras(r, extras requirement) requirement {
	open, end := strings.Index(string(extras), "["), strings.Index(string(extras), "]")
	name, version, ok := strings.Cut(string(r), "==")
	if open < 0 || end < open || !ok {
		return r
	}
	return requirement(name) + extras[open:end+1] + "==" + requirement(version)
}

// ownPin returns the version that the configuration of ruff or black requires. Black accepts a major version.
func (c *checks) ownPin(name string) pin {
	version := toml.String(c.pyproject, "tool", name, "required-version")
	if name == "ruff" && version == "" {
		for _, file := range []string{"ruff.toml", ".ruff.toml"} {
			text, _ := c.Read(c.at(file))
			if m, err := toml.Parse(text); err == nil && version == "" {
				version = toml.String(m, "required-version")
			}
		}
	}
	if version == "" {
		return pin{}
	}
	switch {
	case strings.ContainsAny(version[:1], "<>=!~"):
	case strings.Contains(version, "."):
		version = "==" + version
	default:
		version = "==" + version + ".*"
	}
	return pin{list: c.withPlugins(name, requirement(name+version)), why: "its required-version is that"}
}
