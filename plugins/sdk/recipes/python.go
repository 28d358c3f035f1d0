package recipes

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A pythonManifest is what the manifests of a folder say of the programs that an install brings.
type pythonManifest struct {
	dir      string
	file     string // the first of them
	programs map[string]bool
}

// pythonManagers are the managers that run a command in the environment of the project.
var pythonManagers = []string{"uv", "poetry", "pdm", "pipenv", "rye"}

// isInterpreter reports whether a program is python, also by its version: "python3.12".
func isInterpreter(program string) bool {
	version, ok := strings.CutPrefix(program, "python")
	return ok && strings.Trim(version, "0123456789.") == ""
}

// pythonCommand records whether a command uses, or fills, an environment of Python.
func (r *Reader) pythonCommand(c command) {
	program, bin := c.words[0], ""
	for _, folder := range []string{".venv/bin/", "venv/bin/"} {
		if before, name, ok := strings.Cut(program, folder); ok && bin == "" {
			c.dir, program, bin = within(c.dir, path.Clean("./"+before)), name, folder
		}
	}
	m := r.pythonManifest(c.dir)
	if m == nil {
		return
	}
	verb, at := c.argument(1)
	switch {
	case program == "virtualenv", fillsPython(program, verb, c.words):
		r.fill(Python, m.dir)
	case slices.Contains(pythonManagers, program) && verb == "run":
		r.use(Python, m.dir, program+" run needs the dependencies in "+m.file)
	case isInterpreter(program):
		r.interpreter(m, c, verb, at)
	case m.programs[program], bin != "":
		r.use(Python, m.dir, program+" is a program of the dependencies in "+m.file)
	}
}

// fillsPython reports whether a command fills an environment.
func fillsPython(program, verb string, words []string) bool {
	switch program {
	case "pip", "pip3":
		return verb == "install"
	case "uv":
		return verb == "sync" || verb == "venv" || verb == "pip" && slices.Contains(words, "install")
	}
	return slices.Contains(pythonManagers, program) && (verb == "install" || verb == "sync")
}

// interpreter records what a call of python uses or fills.
func (r *Reader) interpreter(m *pythonManifest, c command, verb string, at int) {
	before := c.words[1:at]
	module := slices.Contains(before, "-m")
	switch {
	case verb == "" || slices.Contains(before, "-c"):
	case module && (verb == "venv" || verb == "virtualenv"),
		module && verb == "pip" && slices.Contains(c.words, "install"):
		r.fill(Python, m.dir)
	case module && slices.Contains([]string{"pip", "http.server", "json.tool", "compileall", "zipfile"}, verb):
	case module:
		r.use(Python, m.dir, c.words[0]+" -m "+verb+" runs with the dependencies in "+m.file)
	default:
		r.use(Python, m.dir, c.words[0]+" runs code of the project, with the dependencies in "+m.file)
	}
}

// pythonManifest returns the manifest of a folder, or of the nearest one above it; nil if there is none.
func (r *Reader) pythonManifest(dir string) (found *pythonManifest) {
	if dir == ".." {
		return nil
	}
	upwards(dir, func(dir string) bool {
		known, seen := r.python[dir]
		if !seen {
			known = readPython(r.files, dir)
			r.python[dir] = known
		}
		found = known
		return found != nil
	})
	return found
}

// readPython reads the manifests of a folder that name dependencies.
func readPython(files Files, dir string) *pythonManifest {
	m := &pythonManifest{dir: dir, programs: map[string]bool{}}
	for _, name := range files.List(dir) {
		text := ""
		switch {
		case name == "pyproject.toml", name == "Pipfile", requirementsFile(name):
			text, _ = files.Read(path.Join(dir, name))
		case name != "setup.py" && name != "setup.cfg":
			continue
		}
		if m.read(name, text) && m.file == "" {
			m.file = path.Join(dir, name)
		}
	}
	if m.file == "" {
		return nil
	}
	return m
}

func requirementsFile(name string) bool {
	return strings.HasSuffix(name, ".txt") && strings.Contains(name, "requirements")
}

// read adds the programs of a manifest, and reports whether the file says that this is a project of Python: a
// pyproject.toml may have only the settings of a linter.
func (m *pythonManifest) read(name, text string) bool {
	switch name {
	case "setup.py", "setup.cfg":
		return true
	case "pyproject.toml", "Pipfile":
		t, _ := toml.Parse(text)
		m.readTables(t)
		return name == "Pipfile" || toml.Has(t, "project") || toml.Has(t, "tool", "poetry") ||
			toml.Has(t, "dependency-groups")
	}
	for line := range strings.Lines(text) {
		m.addDistribution(line)
	}
	return true
}

// readTables adds the programs that a pyproject.toml or a Pipfile names.
func (m *pythonManifest) readTables(t map[string]any) {
	m.addRequirements(toml.List(t, "project", "dependencies"))
	m.addRequirements(toml.List(t, "tool", "uv", "dev-dependencies"))
	for name, list := range toml.Table(t, "project", "optional-dependencies") {
		if requirements, _ := list.([]any); installsExtra(name) {
			m.addRequirements(requirements)
		}
	}
	for _, keys := range [][]string{{"dependency-groups"}, {"tool", "pdm", "dev-dependencies"}} {
		for _, list := range toml.Table(t, keys...) {
			requirements, _ := list.([]any)
			m.addRequirements(requirements)
		}
	}
	for _, table := range dependencyTables(t) {
		for name := range table {
			m.addDistribution(name)
		}
	}
	for _, keys := range [][]string{{"project", "scripts"}, {"tool", "poetry", "scripts"}} {
		for name := range toml.Table(t, keys...) {
			m.programs[name] = true
		}
	}
}

// TestSets are the usual names of the extra or group with what tests need, in order of preference.
var TestSets = []string{"test", "tests", "testing", "test-dependencies", "tests-dependencies", "dev", "develop",
	"development", "all"}

// checkSets are the usual names of the extra with what other checks need.
var checkSets = strings.Fields("lint linting linters style format typing types typecheck check checks qa quality security")

// installsExtra reports whether an extra is one for who works on the project. Any other is for users, and an install
// for work on the project leaves it out.
func installsExtra(name string) bool {
	name = strings.ToLower(strings.NewReplacer("_", "-", ".", "-").Replace(name))
	return slices.Contains(TestSets, name) || slices.Contains(checkSets, name)
}

// dependencyTables returns the tables that have the names of dependencies as keys: those of a Pipfile and of
// Poetry.
func dependencyTables(t map[string]any) []map[string]any {
	tables := []map[string]any{toml.Table(t, "packages"), toml.Table(t, "dev-packages"),
		toml.Table(t, "tool", "poetry", "dependencies"), toml.Table(t, "tool", "poetry", "dev-dependencies")}
	for group := range toml.Table(t, "tool", "poetry", "group") {
		tables = append(tables, toml.Table(t, "tool", "poetry", "group", group, "dependencies"))
	}
	return tables
}

func (m *pythonManifest) addRequirements(list []any) {
	for _, one := range list {
		if text, ok := one.(string); ok {
			m.addDistribution(text)
		}
	}
}

// nameOfDistribution are the characters of the name of a distribution.
const nameOfDistribution = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

// addDistribution adds the programs of a requirement, as far as its name tells.
func (m *pythonManifest) addDistribution(requirement string) {
	requirement = strings.TrimSpace(requirement)
	end := strings.IndexFunc(requirement, func(c rune) bool { return !strings.ContainsRune(nameOfDistribution, c) })
	if end >= 0 {
		requirement = requirement[:end]
	}
	if requirement == "" || requirement[0] == '-' {
		return
	}
	name := strings.ToLower(strings.NewReplacer("_", "-", ".", "-").Replace(requirement))
	addPrograms(m.programs, pythonPrograms[name], name)
}

// pythonPrograms are the programs of distributions that have others than their names say.
var pythonPrograms = map[string]string{
	"ansible": "ansible ansible-playbook ansible-galaxy", "ansible-core": "ansible ansible-playbook ansible-galaxy",
	"build":  "pyproject-build",
	"django": "django-admin", "jupyterlab": "jupyter jupyter-lab", "notebook": "jupyter jupyter-notebook",
	"invoke": "inv invoke", "poethepoet": "poe", "taskipy": "task", "robotframework": "robot", "sphinx": "sphinx-build sphinx-apidoc",
	"zest-releaser": "fullrelease",
}
