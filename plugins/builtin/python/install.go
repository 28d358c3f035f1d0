package main

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// An installation is the steps that install a program, and the folders in which it is found.
type installation struct{ needs, path []string }

// toolsPath returns the folders in which programs are found: an environment of their own, which is made if
// there is no other, then that of the project.
func toolsPath(dir string) []string {
	return append([]string{dir + "/bin", dir + "/Scripts"}, venvPath...)
}

// A request is a program that is to be installed, in the version that the project pins.
type request struct {
	checker
	pin
}

// isolated reports whether a program gets an environment of its own: pre-commit gives one to each hook, which
// matters if there are packages that others do not ask for, or if the program analyses what is there.
func (r request) isolated() bool {
	return r.pin.hooked && (r.analyses || len(r.pin.list) > 1)
}

// install adds the steps that install the programs of a target, and returns an installation for each of the
// checkers.
//
// The manager installs a program in the version of its lock file. One that analyses the dependencies of the
// project shares their environment. Others get one of their own, since in .venv they would hide the machine's
// python3 from the tests.
func (c *checks) install(purpose string, checkers ...checker) (out []installation) {
	var locked, shared, analysing []request
	requests := make([]request, len(checkers))
	for i, k := range checkers {
		r := request{k, c.pinOf(k)}
		switch requests[i] = r; {
		case r.analyses && !r.isolated():
			analysing = append(analysing, r)
		case r.pin.locked:
			locked = appendNew(locked, r)
		case !r.isolated():
			shared = appendNew(shared, r)
		}
	}
	own, byManager := c.installOwn(purpose, shared), c.installByManager(purpose, locked)
	withDeps := c.installWithDeps(analysing)
	for _, r := range requests {
		i := own
		switch {
		case r.isolated():
			i = c.installOwn(purpose+"-"+r.name, []request{r})
		case r.analyses:
			i = withDeps
		case r.pin.locked:
			i = byManager
		}
		out = append(out, i)
		if _, known := c.installed[r.name]; !known {
			c.installed[r.name] = i
		}
	}
	return out
}

// appendNew appends a request, unless one for the same program is there.
func appendNew(list []request, r request) []request {
	if slices.ContainsFunc(list, func(other request) bool { return other.name == r.name }) {
		return list
	}
	return append(list, r)
}

// installOwn adds the step that installs programs into an environment of their own. It is skipped if nobody
// says which versions the project wants, and PATH has some.
func (c *checks) installOwn(purpose string, requests []request) installation {
	if len(requests) == 0 {
		return installation{}
	}
	dir := ".venv-" + purpose
	var list, words []string
	for _, r := range requests {
		for _, one := range r.pin.list {
			if !slices.Contains(list, string(one)) {
				list = append(list, string(one))
			}
		}
		words = append(words, "program:"+r.name)
	}
	s := plan.Step{
		Op: plan.OpShell, Script: freshly(dir, pip{dir: dir, lines: [][]string{list}}.script()), Path: toolsPath(dir),
		Provides: &plan.Provides{Disposable: true},
		Inputs:   c.toolInputs(), Outputs: []string{dir + "/"},
		Caches: []plan.Cache{sdk.PipCache}, Settings: sdk.Settings("pip"),
	}
	if !slices.ContainsFunc(requests, func(r request) bool { return r.pin.why != "" }) {
		s.Provides.Check = probe(append([]string{"whole:" + dir}, words...)...)
	}
	return installation{[]string{c.addEnvironment(purpose+"-deps", s)}, toolsPath(dir)}
}

// freshly returns a script that fills an environment, in which nothing is left of what was wanted before.
func freshly(dir, script string) string {
	summary, rest, _ := strings.Cut(script, "\n")
	return summary + "\nrm -rf " + dir + "\n" + rest
}

// addEnvironment adds a step that fills an environment, or returns the one that does the same already.
func (c *checks) addEnvironment(id string, s plan.Step) string {
	for c.b.Steps[c.b.prefix+id].Op != "" {
		if c.b.Steps[c.b.prefix+id].Script == s.Script {
			return c.b.prefix + id
		}
		id += "+"
	}
	return c.b.addEnvironmentStep(id, s)
}

// toolInputs returns the files that decide what pip installs of programs: the manifests, the version of the
// interpreter, the toolchain that builds extensions, and modules that hide those of pip.
func (e *env) toolInputs() []string {
	return append(slices.Clone(e.manifests), ".python-version", "rust-toolchain", "rust-toolchain.toml",
		path.Join(e.packageRoot(), "pip*"), path.Join(e.packageRoot(), "venv*"))
}

// installByManager adds the step by which the manager installs programs that its lock file has.
func (c *checks) installByManager(purpose string, requests []request) installation {
	if len(requests) == 0 {
		return installation{}
	}
	var names []string
	for _, r := range requests {
		names = append(names, r.name)
	}
	s := plan.Step{
		Tool:     c.b.managerTool(c.manager),
		Provides: &plan.Provides{}, Env: c.manager.env(), Inputs: c.installInputs(),
		Outputs: append([]string{".venv/"}, c.eggInfo()...), Settings: c.installSettings(),
	}
	sync := c.manager.sync(c.project, c.setsWith(c.extras, names), c.setsWith(c.groups, names))
	id := c.addEnvironment(purpose+"-deps", c.withGitVersion(c.managerStep(s, sync)))
	return installation{[]string{id}, toolsPath(".venv-" + purpose)}
}

// installWithDeps adds the steps that install the programs which analyse the dependencies. They share an
// environment with the dependencies.
func (c *checks) installWithDeps(requests []request) installation {
	if len(requests) == 0 {
		return installation{}
	}
	words := c.runtimeProbe()
	var more []requirement
	for _, r := range requests {
		words, more = append(words, "program:"+r.name), append(more, r.pin.list...)
	}
	ids := c.prepare(c.b, "types-deps", words, more...)
	s, deps := c.b.Steps[ids[0]], c.b.prefix+"deps"
	if slices.ContainsFunc(requests, func(r request) bool { return r.pin.why != "" }) {
		s.Provides.Check = nil // a program in another version would do
	}
	if _, exists := c.b.Steps[deps]; exists {
		s.Needs = []string{deps} // both steps write .venv
		s.After = slices.DeleteFunc(slices.Clone(s.After), func(id string) bool { return id == deps })
	}
	c.b.Steps[ids[0]] = s
	return installation{needs: ids}
}

// setsWith returns the extras or groups that contain one of the programs.
func (e *env) setsWith(sets map[string][]requirement, names []string) (out []string) {
	for _, set := range slices.Sorted(maps.Keys(sets)) {
		if slices.ContainsFunc(names, func(name string) bool {
			_, ok := declares(sets[set], name)
			return ok
		}) {
			out = append(out, set)
		}
	}
	return out
}

// withPlugins returns the requirement of a program, and those of its plugins that the project declares.
func (e *env) withPlugins(name string, r requirement) []requirement {
	list := []requirement{r}
	for _, r := range e.allRequirements() {
		if pluginOf(name, r) && !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	return list
}

// pluginOf reports whether a requirement is a plugin of a program, or types for it.
func pluginOf(name string, r requirement) bool {
	return strings.HasPrefix(r.name(), name+"-") || name == "flake8" && r.name() == "pep8-naming" ||
		name == "mypy" && strings.HasPrefix(r.name(), "types-")
}
