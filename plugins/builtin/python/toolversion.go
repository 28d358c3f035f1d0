package python

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/pins"
	"github.com/davit-dev/davit/plugins/sdk/precommit"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A toolVersion is the version of a program that the project wants.
type toolVersion struct {
	// list is the requirement of the program, then those of what is installed next to it.
	list []requirement
	// why is the evidence, empty if nobody says which version it is.
	why     string
	managed bool // the manager of the project installs it
	hooked  bool // it is that of a hook of pre-commit
}

// versionOf returns the version of a checker's program, with its plugins. It is looked for once.
func (e *env) versionOf(k checker) toolVersion {
	key := strings.Join(append(texts(k.extra), k.name, k.step, k.why), "\x00")
	if k.hook != nil {
		key += fmt.Sprintf("\x00%p", k.hook)
	}
	v, known := e.versions[key]
	if !known {
		v = e.withTaskPlugins(k, e.pinned(k))
		if e.versions == nil {
			e.versions = map[string]toolVersion{}
		}
		e.versions[key] = v
	}
	v.list = slices.Clone(v.list)
	return v
}

// withTaskPlugins adds the plugins that the task which calls a checker installs, and its version if no other is known.
func (e *env) withTaskPlugins(k checker, v toolVersion) toolVersion {
	for _, r := range k.extra {
		if _, known := declares(v.list, r.name()); pluginOf(k.name, r) && !known {
			v.list = append(v.list, r)
		} else if r.name() == k.name && v.why == "" && r.constrained() {
			v.list[0], v.why = r, k.why
		}
	}
	return v
}

// pinned returns the version that the project names. The first of these counts: the lock file of the manager,
// an exact requirement of the project, the revision of the hook, the file of a version manager, what a pipeline
// installs, the version that the program's own configuration requires, any other requirement.
func (e *env) pinned(k checker) toolVersion {
	declared, ok := e.requires(k.name)
	if k.asks {
		if locked := e.lockedVersion(k.name); locked != "" {
			return toolVersion{list: []requirement{locked}, why: "of " + e.manager.lock()}
		}
	}
	if e.manages(k.name) && e.hasLock() && !k.asks {
		return toolVersion{list: e.withPlugins(k.name, declared), why: "of " + e.manager.lock(), managed: true}
	}
	if ok && declared.exact() {
		return toolVersion{list: e.withPlugins(k.name, declared), why: "the project requires it"}
	}
	for _, find := range []func(string) toolVersion{e.requirementsVersion, hookVersion(k.hook), e.managerVersion,
		e.pipelineVersion, e.ownVersion} {
		if v := find(k.name); v.why != "" {
			return v
		}
	}
	v := toolVersion{list: e.withPlugins(k.name, requirement(k.name)), managed: e.manages(k.name) && !k.asks}
	if ok {
		v.list[0] = declared
	}
	if declared.constrained() {
		v.why = "the project requires it"
	}
	return v
}

// String says which version it is and why.
func (v toolVersion) String() string {
	switch name := v.list[0].name(); {
	case v.managed && v.why != "":
		return fmt.Sprintf("%s in the version that the project's manager installs, because %s", name, v.why)
	case v.why != "":
		return fmt.Sprintf("%s, because %s", v.list[0], v.why)
	default:
		return fmt.Sprintf("nobody pins %s: what is installed counts, else the newest", name)
	}
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

// manages reports whether the manager of the project installs a program, since a manifest of its own names it.
func (e *env) manages(name string) bool {
	if e.manager == venv || e.manager == hatch {
		return false
	}
	for _, sets := range []map[string][]requirement{{"": e.runtime}, e.extras, e.groups} {
		if len(e.setsWith(sets, []string{name})) > 0 {
			return true
		}
	}
	return false
}

// lockedVersion returns the version of a package in the lock file of uv, poetry or pdm as a requirement, or "".
func (e *env) lockedVersion(name string) requirement {
	if !e.manages(name) || e.manager == pipenv {
		return ""
	}
	file := e.at(e.manager.lock())
	if e.inWorkspace() {
		file = e.manager.lock()
	}
	text, _ := e.Read(file)
	_, after, ok := strings.Cut(text, "\nname = \""+name+"\"\nversion = \"")
	version, _, _ := strings.Cut(after, "\"")
	if !ok {
		return ""
	}
	return requirementOf(name, version)
}

func (e *env) hasLock() bool {
	return e.manager.lock() != "" && e.exists(e.manager.lock()) || e.inWorkspace() && e.Exists(e.manager.lock())
}

// requirementsVersion looks for an exact version in all requirements files: those for linters are no manifests of
// the project.
func (e *env) requirementsVersion(name string) toolVersion {
	for _, dir := range []string{".", "requirements"} {
		for _, file := range e.List(e.at(dir)) {
			if !strings.HasSuffix(file, ".txt") || dir == "." && !strings.Contains(file, "requirements") {
				continue
			}
			file = path.Join(dir, file)
			text, _ := e.Read(e.at(file))
			list := parseRequirements(text).list
			if r, ok := declares(list, name); ok && r.exact() {
				return toolVersion{list: append([]requirement{r}, pluginsOf(name, list)...), why: "of " + file}
			}
		}
	}
	return toolVersion{}
}

func pluginsOf(name string, list []requirement) []requirement {
	return slices.DeleteFunc(slices.Clone(list), func(r requirement) bool { return !pluginOf(name, r) })
}

// hookVersion returns a function that returns the version of a hook.
func hookVersion(h *precommit.Hook) func(string) toolVersion {
	return func(name string) toolVersion {
		if h == nil || h.VersionOf(name) == "" {
			return toolVersion{}
		}
		p := toolVersion{list: []requirement{requirement(name + "==" + h.VersionOf(name))},
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

// managerVersion returns the version that .tool-versions or the configuration of mise names.
func (e *env) managerVersion(name string) toolVersion {
	pin, ok := pins.Find(e.Project, e.dir, nil, name)
	r := requirementOf(name, pin.Version)
	if !ok || r == "" {
		return toolVersion{}
	}
	return toolVersion{list: e.withPlugins(name, r), why: "of " + pin.File}
}

// ownVersion returns the version that the configuration of ruff or black requires. Black accepts a major version.
func (e *env) ownVersion(name string) toolVersion {
	version := toml.String(e.pyproject, "tool", name, "required-version")
	if name == "ruff" && version == "" {
		for _, file := range []string{"ruff.toml", ".ruff.toml"} {
			text, _ := e.Read(e.at(file))
			if m, err := toml.Parse(text); err == nil && version == "" {
				version = toml.String(m, "required-version")
			}
		}
	}
	if version == "" {
		return toolVersion{}
	}
	switch {
	case strings.ContainsAny(version[:1], "<>=!~"):
	case strings.Contains(version, "."):
		version = "==" + version
	default:
		version = "==" + version + ".*"
	}
	return toolVersion{list: e.withPlugins(name, requirement(name+version)), why: "its required-version is that"}
}
