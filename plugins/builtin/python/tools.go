package main

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// A checker is a program that checks the sources: a linter, a formatter, a scanner.
type checker struct {
	name string // the name of the program and of its distribution
	why  string // the evidence that the project uses it
	argv []string
	fix  []string // the command that rewrites the sources instead, if it can
	// needsDependencies means that it analyses the dependencies of the project, so it has to be in their
	// environment.
	needsDependencies bool
}

// configured returns the evidence that the project uses a program: a configuration file, a table in
// pyproject.toml, a section of setup.cfg or tox.ini, a requirement, or a hook of pre-commit. Without
// evidence, the program is not run.
func (e *env) configured(name string, files []string, sections ...string) string {
	if file := e.firstOf(files...); file != "" {
		return "of " + file
	}
	for _, section := range sections {
		switch {
		case e.pyprojectHas(section):
			return "pyproject.toml has [" + section + "]"
		case e.setupCfg.has(section):
			return "setup.cfg has [" + section + "]"
		case e.toxIni.has(section):
			return "tox.ini has [" + section + "]"
		}
	}
	if _, ok := e.requires(name); ok {
		return "the project requires it"
	}
	if e.hooks()[name] {
		return "pre-commit runs it"
	}
	return ""
}

func (pr *project) pyprojectHas(section string) bool {
	var v any = pr.pyproject
	for _, key := range strings.Split(section, ".") {
		table, _ := v.(map[string]any)
		if v = table[key]; v == nil {
			return false
		}
	}
	return true
}

// hooks returns the ids of the hooks in .pre-commit-config.yaml. Such files are regular enough to be read
// line by line.
func (e *env) hooks() map[string]bool {
	text, _ := e.Read(e.at(".pre-commit-config.yaml"))
	hooks := map[string]bool{}
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "-"))
		if id, ok := strings.CutPrefix(line, "id:"); ok {
			id, _, _ = strings.Cut(id, " #")
			hooks[strings.Trim(strings.TrimSpace(id), `'"`)] = true
		}
	}
	return hooks
}

// sources returns the folders and files with the project's own Python, for programs that would otherwise also
// check .venv.
func (e *env) sources() (out []string) {
	for _, name := range e.py {
		top, _, nested := strings.Cut(name, "/")
		if nested && (top == "doc" || top == "docs") {
			continue
		}
		if !slices.Contains(out, top) {
			out = append(out, top)
		}
	}
	return out
}

// packages returns the packages of the project, else its modules, without the tests.
func (e *env) packages() (out []string) {
	root := e.packageRoot()
	if root != "." {
		return []string{root}
	}
	for _, name := range e.packagesIn(".") {
		if !auxiliary(name) {
			out = append(out, name)
		}
	}
	if len(out) > 0 {
		return out
	}
	return slices.DeleteFunc(e.sources(),
		func(name string) bool { return auxiliary(name) || testFile(name) || name == "conftest.py" })
}

// toolsPath returns the folders in which programs are found: an environment of their own, which is made if
// there is no other, then that of the project.
func toolsPath(dir string) []string {
	return append([]string{dir + "/bin", dir + "/Scripts"}, venvPath...)
}

// install adds the step that installs programs, and returns its id. A manager with a lock file installs those that
// the manifests name with everything else. Others get an environment of their own, since in .venv they would hide the
// machine's python3 from the tests.
func (e *env) install(b *builder, purpose string, names ...string) string {
	var list []requirement
	for _, name := range names {
		list = append(list, e.withPlugins(name)...)
	}
	if e.manager != venv && e.manager != hatch && len(e.undeclared(list)) == 0 {
		return e.deps(b)[0]
	}
	return b.addTools(purpose, e.toolInputs(), list)
}

// toolInputs returns the files that decide what pip installs of programs: the manifests, the version of the
// interpreter, the toolchain that builds extensions, and modules that hide those of pip.
func (e *env) toolInputs() []string {
	return append(slices.Clone(e.manifests), ".python-version", "rust-toolchain", "rust-toolchain.toml",
		path.Join(e.packageRoot(), "pip*"), path.Join(e.packageRoot(), "venv*"))
}

// setsWith returns the extras or groups that contain one of the programs.
func (e *env) setsWith(sets map[string][]requirement, names []string) (out []string) {
	for _, set := range slices.Sorted(maps.Keys(sets)) {
		if slices.ContainsFunc(names, func(name string) bool {
			_,
				ok := declares(sets[set], name)
			return ok
		}) {
			out = append(out, set)
		}
	}
	return out
}

// withPlugins returns the requirement of a program as the project declares it, and those of its plugins.
func (e *env) withPlugins(name string) []requirement {
	list := []requirement{requirement(name)}
	if r, ok := e.requires(name); ok {
		list[0] = r
	}
	for _, r := range e.allRequirements() {
		plugin := strings.HasPrefix(r.name(), name+"-") || name == "flake8" && r.name() == "pep8-naming" ||
			name == "mypy" && strings.HasPrefix(r.name(), "types-")
		if plugin && !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	return list
}
