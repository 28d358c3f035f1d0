// Package python is the davit plugin for Python: libraries, applications, scripts with tests.
//
// It parses the manifests of the project, without running any of them, and plans the commands that a Python
// programmer would type: python -m pytest or unittest, python -m build, the configured linters.
//
// One step, "deps", fills the environment of the project (.venv) by the project's own manager: exactly as its lock
// file says, or with what satisfies its requirements. The plugin compares no versions. Without a lock file, the
// dependencies may be installed in the machine's python3 or in an active virtual environment as well. The plugin
// cannot see that in the sandbox, so pip is asked when the step runs: check.py does that. Commands use .venv if there
// is one, else the python3 in PATH.
//
// "package" is the program that "run" starts, with a production server if it is a web application, and with
// the packages that it needs in a folder of their own: a virtual environment contains absolute paths and
// cannot be moved.
//
// The configuration is {"image": "python:3.12", "main": "shop.cli", "ports": [8000], "base":
// "python:3.12-slim"}, each of them optional: the image that steps run in, and of the image that is packaged
// the program, the ports that it listens on and what it is put on.
package python

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// Read plans the project in the root or, if there is none, those in the folders below.
func Read(p *sdk.Project) (*plan.Plan, error) {
	c, err := configure(p)
	if err != nil {
		return nil, err
	}
	b := newBuilder(c)
	all, err := allEnvironments(c, newTree(p))
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		b.enter(e.project)
		e.offer(b)
	}
	if err := offerImage(b, all); err != nil {
		return nil, err
	}
	var o sdk.Outside
	for _, e := range all {
		e.addOutside(&o, e.manager)
	}
	o.Apply(b.Plan)
	return b.finish(), nil
}

// allEnvironments returns the environments of all projects, with what they share.
func allEnvironments(c *config, t *tree) ([]*env, error) {
	all, err := environments(c, t, t.projects())
	if err != nil {
		return nil, err
	}
	more, err := environments(c, t, t.packagesBelow(foldersOf(all)))
	if err != nil {
		return nil, err
	}
	all = append(all, packagesOf(all, more)...)
	takeSync(all)
	return all, joinWorkspace(t, all)
}

// environments returns the environments of the projects in some folders.
func environments(c *config, t *tree, dirs []string) (all []*env, err error) {
	for _, dir := range dirs {
		pr, err := load(t, dir)
		if err != nil {
			return nil, err
		}
		if pr.isEmpty() {
			continue
		}
		if e := newEnv(c, pr); e.isProject() {
			all = append(all, e)
		}
	}
	return all, nil
}

func foldersOf(all []*env) (dirs []string) {
	for _, e := range all {
		dirs = append(dirs, e.dir)
	}
	return dirs
}

// packagesOf returns those below the projects that are packages, or have tests that no project above them runs. The tests
// of a package may be those of the project above it, too.
func packagesOf(all, below []*env) (out []*env) {
	for _, e := range below {
		for _, above := range all {
			e.builtOnly = e.builtOnly || above.dir == "." && above.tests.reach(e.dir)
		}
		if e.isPackage || e.tests.runner != "" && !e.builtOnly {
			out = append(out, e)
		}
	}
	return out
}

// newEnv returns the environment of a project.
func newEnv(c *config, pr *project) *env {
	e := &env{project: pr, tests: findTests(pr), config: c}
	e.manager, e.why = chooseManager(pr, e.tests)
	e.why += pr.left.String()
	if call := e.tests.call; call != nil {
		for _, file := range call.needs.files {
			if !slices.Contains(pr.files, file) {
				pr.addFile(file, pr.requirementsOf(file, nil))
			}
		}
	}
	return e
}

// isProject reports whether the folder is more than a few scripts, which projects of all languages have: it has a
// manifest, tests, a program, or a linter for Python.
func (e *env) isProject() bool {
	_, program := e.program()
	return len(e.manifests) > 0 || e.tests.runner != "" || program || len(e.linters()) > 0
}

// joinWorkspace gives the members of a uv workspace in the root one environment.
func joinWorkspace(t *tree, all []*env) error {
	var root *env
	for _, e := range all {
		if !e.inWorkspace() {
			continue
		}
		if root == nil {
			pr, err := load(t, ".")
			if err != nil {
				return err
			}
			root = newEnv(e.config, pr)
		}
		e.root, root.joined = root, append(root.joined, e)
	}
	return nil
}

// offer adds all targets of one Python project, except its image.
func (e *env) offer(b *builder) {
	b.venv = e.environmentName()
	b.pythonTool(e)
	if e.builtOnly {
		e.offerBuild(b)
		return
	}
	b.decide("%s", e.why)
	b.summary(e.project)
	e.offerTests(b)
	c := newChecks(e, b)
	c.offerStyle()
	c.offerSecurity()
	e.offerBuild(b)
	e.offerRun(b)
	e.offerKeep(b)
}

// manifests are files that make a folder a project of its own.
var manifests = []string{"pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "requirements.txt",
	"requirements-dev.txt", "requirements-test.txt", "manage.py"}

// excluded are the folders, besides examples and benchmarks, whose manifests are not those of a project: they
// build the documentation, or show how to use a library.
var excluded = []string{"doc", "docs", "sample", "samples", "demo", "demos", "test", "tests", "bench",
	"requirements", "scripts", "tools"}

// auxiliary reports whether a folder of that name supports the project and is not the project.
func auxiliary(name string) bool { return sdk.Auxiliary(name, excluded...) }

// projects returns the folders of the projects: the root if it has a manifest or Python files of its own,
// else the folders below that have both.
func (t *tree) projects() (dirs []string) {
	if first := t.FirstOf(manifests...); first != "" && !t.isUmbrella(first) || t.rootIsPython() {
		return []string{"."}
	}
	dirs = t.projectsIn(".", depth)
	if len(dirs) == 0 {
		return []string{"."}
	}
	return dirs
}

// isUmbrella reports whether a pyproject.toml, the first manifest of the root, is not that of a project: it
// only groups others, or configures tools for them.
func (t *tree) isUmbrella(first string) bool {
	text, _ := t.Read("pyproject.toml")
	m, err := toml.Parse(text)
	return err == nil && first == "pyproject.toml" && !toml.Has(m, "project") &&
		!toml.Has(m, "tool", "poetry") && !toml.Has(m, "build-system") &&
		t.FirstOf(manifests[1:]...) == ""
}

// rootIsPython reports whether there are tests in the root or in its tests folder.
func (t *tree) rootIsPython() bool {
	for _, name := range t.py {
		if dir := path.Dir(name); testFile(name) && (dir == "." || dir == "tests" || dir == "test") {
			return true
		}
	}
	return false
}

// projectsIn returns the outermost projects below a folder, so many folders down.
func (t *tree) projectsIn(above string, levels int) (dirs []string) {
	for _, name := range t.List(above) {
		name, isDir := strings.CutSuffix(name, "/")
		dir := path.Join(above, name)
		switch {
		case !isDir || auxiliary(name) || sdk.Foreign(name):
		case t.isProject(dir):
			dirs = append(dirs, dir)
		case levels > 1:
			dirs = append(dirs, t.projectsIn(dir, levels-1)...)
		}
	}
	return dirs
}

func (t *tree) isProject(dir string) bool {
	var names []string
	for _, name := range manifests {
		names = append(names, path.Join(dir, name))
	}
	return len(t.pythonFilesIn(dir)) > 0 && t.FirstOf(names...) != "" && !t.isTemplate(dir)
}

func inFile(file string, err error) error { return fmt.Errorf("%s: %w", file, err) }
