package python

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// An installation is the steps that install a program, and the folders in which it is found. Those behind all others
// on PATH do not hide the python of the project.
type installation struct{ needs, path, behind []string }

// toolsPath returns the folders in which programs are found: an environment of their own, which is made if
// there is no other, then that of the project.
func toolsPath(dir string) []string {
	return append([]string{dir + "/bin", dir + "/Scripts"}, venvPath...)
}

// checks adds the steps that check the sources of one project.
type checks struct {
	*env
	b         *builder
	installed map[string]installation // by program
	tools     map[string]installation // by what is installed together
	decided   []string
}

func newChecks(e *env, b *builder) *checks {
	return &checks{env: e, b: b, installed: map[string]installation{}, tools: map[string]installation{}}
}

// decide records a choice, once.
func (c *checks) decide(text string) {
	if !slices.Contains(c.decided, text) {
		c.decided = append(c.decided, text)
		c.b.decide("%s", text)
	}
}

// isolated reports whether a program gets an environment of its own: pre-commit gives one to each hook, which
// matters if there are packages that others do not ask for, or if the program analyses what is there.
func (v toolVersion) isolated(k checker) bool { return v.hooked && (k.analyses || len(v.list) > 1) }

// inProject reports whether a program is in the environment of the project: the manager installs it, or it analyses
// the dependencies.
func (v toolVersion) inProject(k checker) bool { return v.managed || k.analyses && !v.isolated(k) }

// install adds the steps that install the programs of a target, and returns an installation for each of the
// checkers. Those that are not in the environment of the project get one of their own, since there they would hide
// the machine's python3 from the tests.
func (c *checks) install(purpose string, checkers ...checker) (out []installation) {
	var shared []requirement
	for _, k := range checkers {
		v := c.versionOf(k)
		c.decide(v.String())
		if !v.inProject(k) && !v.isolated(k) {
			shared = union(shared, v.list)
		}
	}
	for _, k := range checkers {
		var i installation
		switch v := c.versionOf(k); {
		case v.inProject(k):
			i = installation{needs: c.deps(c.b)}
		case v.isolated(k):
			i = c.addTools(purpose+"-"+k.name, v.list)
		case k.asks:
			i = c.addTools(purpose, shared)
			i = installation{needs: append(slices.Clone(i.needs), c.deps(c.b)...), behind: i.path[:2]}
		default:
			i = c.addTools(purpose, shared)
		}
		out = append(out, i)
		if _, known := c.installed[k.name]; !known {
			c.installed[k.name] = i
		}
	}
	return out
}

// addTools adds the step that installs programs into an environment of their own, unless there is one.
func (c *checks) addTools(purpose string, list []requirement) installation {
	what := strings.Join(texts(list), " ")
	if i, known := c.tools[purpose+" "+what]; known {
		return i
	}
	name := purpose
	for n := 2; c.b.Steps[c.b.prefix+name+"-deps"].Op != ""; n++ {
		name = fmt.Sprintf("%s-%d", purpose, n)
	}
	i := installation{needs: []string{c.b.addTools(name, c.toolInputs(), list)}, path: toolsPath(toolsDir(name))}
	c.tools[purpose+" "+what] = i
	return i
}

// typeCheckers returns the checkers that analyse the dependencies of the project, with their plugins.
func (e *env) typeCheckers() (list []requirement) {
	for _, k := range e.linters() {
		if v := e.versionOf(k); k.analyses && v.inProject(k) {
			list = union(union(list, v.list), slices.DeleteFunc(slices.Clone(k.extra), ofFormatter))
		}
	}
	for _, m := range e.joined {
		list = append(list, m.undeclared(m.typeCheckers())...)
	}
	return list
}

// ofFormatter reports whether a requirement is a linter that needs nothing of the environment, or a plugin of one.
func ofFormatter(r requirement) bool {
	return slices.ContainsFunc(linters(), func(l linter) bool {
		return !l.analyses && (r.name() == l.name || pluginOf(l.name, r))
	})
}

// checkers returns the names of all programs that check the project.
func (e *env) checkers() (names []string) {
	for _, k := range append(slices.Clone(e.linters()), e.bandit(), e.pipAudit(), e.safety(), e.complexity()) {
		if k.why != "" && !k.asks {
			names = append(names, k.name)
		}
	}
	if at, ok := e.preCommitCall(); ok {
		names = append(names, at.runner)
	}
	return names
}

// toolInputs returns the files that decide what pip installs of programs: the manifests, the version of the
// interpreter, the toolchain that builds extensions, and modules that hide those of pip.
func (e *env) toolInputs() []string {
	return append(union(slices.Clone(e.manifests), toolchainFiles),
		path.Join(e.packageRoot(), "pip*"), path.Join(e.packageRoot(), "venv*"))
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
