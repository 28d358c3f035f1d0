package python

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/ini"
	"github.com/davit-dev/davit/plugins/sdk/precommit"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A project is the content of the manifests of one folder, in the formats of all tools.
type project struct {
	*tree
	dir       string // relative to the root, "."
	name      string
	named     bool     // by a manifest, and not by its folder
	manifests []string // the ones that were read, relative to dir
	py        []string // the Python files, relative to dir

	pyproject map[string]any
	pipfile   map[string]any
	setupCfg  ini.File
	toxIni    ini.File
	setupPy   setupPy
	hooks     precommit.Config

	python    string                   // the constraint on the interpreter, as it is written
	runtime   []requirement            // what the project needs to run
	extras    map[string][]requirement // optional requirements by the name of the extra …
	groups    map[string][]requirement // … or of the dependency group
	files     []string                 // requirements files that pip installs directly
	fileDeps  map[string][]requirement // the requirements in these files
	read      []string                 // requirements files of any name that were read, with those that they include
	backend   string                   // of the build: "hatchling.build"
	isPackage bool                     // it can be built and installed
	scripts   map[string]string        // its commands by name: "shop.cli:main"

	left     leaving    // see leaveOut
	tasks    []*task    // see allTasks
	toxRead  *toxConfig // see tox
	pipeline []command  // see pipelineCommands
	ofTasks  []command  // see taskCommands
}

// load reads the manifests of a folder.
func load(t *tree, dir string) (*project, error) {
	pr := &project{
		tree: t, dir: dir, py: t.pythonFilesIn(dir), extras: map[string][]requirement{},
		groups:   map[string][]requirement{},
		fileDeps: map[string][]requirement{}, scripts: map[string]string{},
	}
	if err := pr.loadPyproject(); err != nil {
		return nil, err
	}
	pr.setupCfg = ini.Parse(pr.manifest("setup.cfg"))
	pr.toxIni = ini.Parse(pr.manifest("tox.ini"))
	pr.setupPy = setupPy{pr.manifest("setup.py")}
	pr.readSetuptools()
	if err := pr.readPipfile(); err != nil {
		return nil, err
	}
	pr.readRequirements()
	pr.readHooks()
	pr.leaveOut()
	if pr.named = pr.name != ""; !pr.named {
		pr.name = path.Base(path.Join(t.Project.Project.Name, dir))
	}
	return pr, nil
}

// manifest returns the content of a file in the folder, or "", and records that the plan depends on it.
func (pr *project) manifest(name string) string {
	text, ok := pr.Read(pr.at(name))
	if ok && !slices.Contains(pr.manifests, name) {
		pr.manifests = append(pr.manifests, name)
	}
	return text
}

// at returns the path of a file in the folder relative to the root of the project.
func (pr *project) at(name string) string { return path.Join(pr.dir, name) }

// inWorkspace reports whether the project is a member of a uv workspace in the root, whose lock file and
// .venv it shares.
func (pr *project) inWorkspace() bool {
	if pr.dir == "." {
		return false
	}
	text, _ := pr.Read("pyproject.toml")
	root, _ := toml.Parse(text)
	member := func(glob string) bool {
		ok, _ := path.Match(path.Clean(glob), pr.dir)
		return ok
	}
	workspace := toml.Table(root, "tool", "uv", "workspace")
	return slices.ContainsFunc(toml.Strings(workspace, "members"), member) &&
		!slices.ContainsFunc(toml.Strings(workspace, "exclude"), member)
}

// isWorkspace reports whether the project is the root of a uv workspace.
func (pr *project) isWorkspace() bool { return toml.Has(pr.pyproject, "tool", "uv", "workspace") }

func (pr *project) exists(name string) bool { return pr.Exists(pr.at(name)) }

func (pr *project) firstOf(names ...string) string {
	for _, name := range names {
		if pr.exists(name) {
			return name
		}
	}
	return ""
}

// isEmpty reports whether the project has manifests but no Python, such as a pyproject.toml that only
// configures a tool in a project of another language.
func (pr *project) isEmpty() bool {
	return len(pr.py) == 0 && !toml.Has(pr.pyproject, "project") && !toml.Has(pr.pyproject, "tool", "poetry")
}

// allRequirements returns the requirements of all manifests.
func (pr *project) allRequirements() (all []requirement) {
	all = append(all, pr.runtime...)
	for _, m := range []map[string][]requirement{pr.extras, pr.groups, pr.fileDeps} {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			all = append(all, m[name]...)
		}
	}
	return all
}

// requires returns the requirement with a name, from any part of the project.
func (pr *project) requires(name string) (requirement, bool) {
	return declares(pr.allRequirements(), name)
}

// packageRoot returns the folder with the packages of the project: "src", "lib" or ".".
func (pr *project) packageRoot() string {
	for _, dir := range append(toml.Strings(pr.pyproject, "tool", "setuptools", "packages", "find", "where"),
		"src", "lib") {
		if dir = path.Clean(dir); dir != "." && len(pr.packagesIn(dir)) > 0 {
			return dir
		}
	}
	return "."
}

// packagesIn returns the packages and modules directly in a folder.
func (pr *project) packagesIn(dir string) (names []string) {
	for _, name := range pr.py {
		rel, ok := strings.CutPrefix(name, dir+"/")
		if dir == "." {
			rel, ok = name, true
		}
		if pkg, is := strings.CutSuffix(rel, "/__init__.py"); ok && is && !strings.Contains(pkg, "/") {
			names = append(names, pkg)
		} else if mod, is := strings.CutSuffix(rel, ".py"); ok && is && dir != "." &&
			!strings.Contains(mod, "/") {
			names = append(names, mod)
		}
	}
	return names
}

// ownPackage returns the package or module of the project, or "" if it is ambiguous.
func (pr *project) ownPackage() string {
	root := pr.packageRoot()
	names := slices.DeleteFunc(pr.packagesIn(root), func(name string) bool {
		return auxiliary(name) || strings.HasPrefix(name, "test") || name == "setup" || name == "conftest"
	})
	want := module(pr.name)
	for _, name := range append([]string{want}, strings.TrimPrefix(want, "python_"),
		strings.TrimPrefix(want, "py")) {
		if slices.Contains(names, name) || root == "." && slices.Contains(pr.py, name+".py") {
			return name
		}
	}
	if len(names) == 1 {
		return names[0]
	}
	return ""
}
