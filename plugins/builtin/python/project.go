package main

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// project is what the manifests of one folder say, whoever wrote them for which tool.
type project struct {
	*tree
	dir       string // relative to the root, "."
	name      string
	manifests []string // the ones that were read, relative to dir
	py        []string // the Python files, relative to dir

	pyproject map[string]any
	setupCfg  ini
	toxIni    ini
	setupPy   setupPy

	python    string                   // the constraint on the interpreter, as it is written
	runtime   []requirement            // what the project needs to run
	extras    map[string][]requirement // what it needs for more, by the name of the extra …
	groups    map[string][]requirement // … or of the dependency group
	files     []string                 // requirements files that are installed as they stand
	fileDeps  map[string][]requirement // what they name
	backend   string                   // of the build: "hatchling.build"
	isPackage bool                     // it can be built and installed
	scripts   map[string]string        // commands that it brings: "shop.cli:main", by name
}

// load reads the manifests of a folder.
func load(t *tree, dir string) (*project, error) {
	pr := &project{
		tree: t, dir: dir, py: t.pythonFilesIn(dir), extras: map[string][]requirement{}, groups: map[string][]requirement{},
		fileDeps: map[string][]requirement{}, scripts: map[string]string{},
	}
	if err := pr.loadPyproject(); err != nil {
		return nil, err
	}
	pr.setupCfg = parseINI(pr.manifest("setup.cfg"))
	pr.toxIni = parseINI(pr.manifest("tox.ini"))
	pr.setupPy = setupPy{pr.manifest("setup.py")}
	pr.readSetuptools()
	if err := pr.readPipfile(); err != nil {
		return nil, err
	}
	pr.readRequirements()
	if pr.name == "" {
		pr.name = path.Base(path.Join(t.Project.Project.Name, dir))
	}
	return pr, nil
}

// manifest reads a file of the folder that the plan depends on, "" if there is none.
func (pr *project) manifest(name string) string {
	text, ok := pr.Read(pr.at(name))
	if ok && !slices.Contains(pr.manifests, name) {
		pr.manifests = append(pr.manifests, name)
	}
	return text
}

// at is a path of the folder relative to the root of the project.
func (pr *project) at(name string) string { return path.Join(pr.dir, name) }

// inWorkspace tells whether the project is a member of a workspace of uv in the root, whose lock file and .venv it shares.
func (pr *project) inWorkspace() bool { return pr.dir != "." && pr.Exists("uv.lock") }

func (pr *project) exists(name string) bool { return pr.Exists(pr.at(name)) }

func (pr *project) firstOf(names ...string) string {
	for _, name := range names {
		if pr.exists(name) {
			return name
		}
	}
	return ""
}

// empty: manifests without any Python, as the pyproject.toml of a project in another language that only configures a tool.
func (pr *project) isEmpty() bool {
	return len(pr.py) == 0 && !toml.Has(pr.pyproject, "project") && !toml.Has(pr.pyproject, "tool", "poetry")
}

// allRequirements are all the requirements that any manifest names.
func (pr *project) allRequirements() (all []requirement) {
	all = append(all, pr.runtime...)
	for _, m := range []map[string][]requirement{pr.extras, pr.groups, pr.fileDeps} {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			all = append(all, m[name]...)
		}
	}
	return all
}

// requires returns the requirement of that name, whatever part of the project has it.
func (pr *project) requires(name string) (requirement, bool) {
	return declares(pr.allRequirements(), name)
}

// packageRoot is the folder that the packages of the project are in: "src", "lib" or ".".
func (pr *project) packageRoot() string {
	for _, dir := range append(toml.Strings(pr.pyproject, "tool", "setuptools", "packages", "find", "where"), "src", "lib") {
		if dir = path.Clean(dir); dir != "." && len(pr.packagesIn(dir)) > 0 {
			return dir
		}
	}
	return "."
}

// packagesIn are the packages and modules right below a folder.
func (pr *project) packagesIn(dir string) (names []string) {
	for _, name := range pr.py {
		rel, ok := strings.CutPrefix(name, dir+"/")
		if dir == "." {
			rel, ok = name, true
		}
		if pkg, is := strings.CutSuffix(rel, "/__init__.py"); ok && is && !strings.Contains(pkg, "/") {
			names = append(names, pkg)
		} else if mod, is := strings.CutSuffix(rel, ".py"); ok && is && dir != "." && !strings.Contains(mod, "/") {
			names = append(names, mod)
		}
	}
	return names
}

// ownPackage is the package or module that the project is made of, "" if that is not clear.
func (pr *project) ownPackage() string {
	root := pr.packageRoot()
	names := slices.DeleteFunc(pr.packagesIn(root), func(name string) bool {
		return auxiliary(name) || strings.HasPrefix(name, "test") || name == "setup" || name == "conftest"
	})
	want := module(pr.name)
	for _, name := range append([]string{want}, strings.TrimPrefix(want, "python_"), strings.TrimPrefix(want, "py")) {
		if slices.Contains(names, name) || root == "." && slices.Contains(pr.py, name+".py") {
			return name
		}
	}
	if len(names) == 1 {
		return names[0]
	}
	return ""
}
