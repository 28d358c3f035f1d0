package python

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// readSetuptools adds the metadata of setup.cfg and setup.py that pyproject.toml lacks.
func (pr *project) readSetuptools() {
	cfg, py := pr.setupCfg, pr.setupPy
	pr.isPackage = pr.isPackage || strings.Contains(py.text, "setup(") ||
		cfg.Has("metadata") && cfg["metadata"]["name"] != ""
	pr.name = cmp.Or(pr.name, cfg["metadata"]["name"], py.str("name"), pr.assigned(py.attribute("name")))
	pr.python = cmp.Or(pr.python, cfg["options"]["python_requires"], py.str("python_requires"))
	if len(pr.runtime) == 0 {
		pr.runtime = requirements(append(cfg.Lines("options", "install_requires"),
			py.list("install_requires")...))
	}
	for extra := range cfg["options.extras_require"] {
		pr.extras[extra] = requirements(cfg.Lines("options.extras_require", extra))
	}
	for extra, list := range py.dict("extras_require") {
		pr.extras[extra] = requirements(list)
	}
	pr.addGroup("test", append(cfg.Lines("options", "tests_require"), py.list("tests_require")...))
	for _, line := range append(cfg.Lines("options.entry_points", "console_scripts"),
		py.dict("entry_points")["console_scripts"]...) {
		if name, target, ok := strings.Cut(line, "="); ok {
			pr.scripts[strings.TrimSpace(name)] = strings.TrimSpace(target)
		}
	}
}

// assigned returns the string that a module of a package in the project assigns to a name, "" for none.
func (pr *project) assigned(name string) string {
	for _, file := range pr.py {
		base := path.Base(file)
		about := base == "__init__.py" || strings.Contains(base, "about") || strings.Contains(base, "version")
		if name == "" || !about || strings.Count(file, "/") > 2 || inTests(file) {
			continue
		}
		if v, ok := (setupPy{pr.Head(pr.at(file), 1<<12)}).assigned(name); ok && stringOf(v) != "" {
			return stringOf(v)
		}
	}
	return ""
}

func (pr *project) addGroup(name string, lines []string) {
	if list := requirements(lines); len(list) > 0 {
		pr.groups[name] = append(pr.groups[name], list...)
	}
}

// readPipfile adds the Pipfile, which is TOML with versions in poetry's syntax.
func (pr *project) readPipfile() error {
	m, err := toml.Parse(pr.manifest("Pipfile"))
	pr.pipfile = m
	if err != nil {
		return inFile(pr.at("Pipfile"), err)
	}
	if len(pr.runtime) == 0 {
		pr.runtime = poetryList(toml.Table(m, "packages"), true)
	}
	if dev := poetryList(toml.Table(m, "dev-packages"), false); len(dev) > 0 {
		pr.groups["dev"] = append(pr.groups["dev"], dev...)
	}
	return nil
}

// testFiles, devFiles and runtimeFiles are the usual names of requirements files for tests, for development
// and for the project itself.
var (
	testFiles = []string{
		"requirements-test.txt", "requirements-tests.txt", "requirements_test.txt", "requirements_tests.txt",
		"test-requirements.txt", "test_requirements.txt", "requirements.test.txt", "requirements/test.txt",
		"requirements/tests.txt", "requirements/testing.txt", "tests/requirements.txt",
		"test/requirements.txt", "requirements-testing.txt", "requirements/requirements-test.txt",
		"requirements/requirements-tests.txt",
	}
	devFiles = []string{
		"requirements-dev.txt", "requirements_dev.txt", "dev-requirements.txt", "dev_requirements.txt",
		"requirements.dev.txt", "requirements/dev.txt", "requirements/development.txt",
		"requirements/local.txt", "requirements-development.txt", "requirements/requirements-dev.txt",
	}
	runtimeFiles = []string{"requirements.txt", "requirements/base.txt", "requirements/requirements.txt",
		"requirements/main.txt"}
)

// readRequirements adds the requirements files. Of those for tests and those for development it adds only
// one, preferably for tests. If another manifest declares the runtime requirements, requirements.txt is for
// something else.
func (pr *project) readRequirements() {
	file := pr.firstOf(runtimeFiles...)
	if list := pr.requirementsOf(file, nil); file != "" &&
		(len(pr.runtime) == 0 && !pr.declaresRuntime() || pr.setupReads(file)) {
		pr.runtime = append(pr.runtime, list...)
		pr.addFile(file, list)
	} else if _, tests := declares(list, "pytest"); tests {
		pr.addFile(file, list)
	}
	for _, names := range [][]string{testFiles, devFiles} {
		if file := pr.firstOf(names...); file != "" {
			pr.addFile(file, pr.requirementsOf(file, nil))
			return
		}
	}
}

// declaresRuntime reports whether a manifest declares the requirements of the package, even if there are
// none.
func (pr *project) declaresRuntime() bool {
	return toml.Has(pr.pyproject, "project", "dependencies") || toml.Has(pr.pyproject, "tool", "poetry") ||
		toml.Has(pr.pyproject, "project") &&
			!slices.Contains(toml.Strings(pr.pyproject, "project", "dynamic"), "dependencies") ||
		pr.isPackage && !pr.setupReads("requirements")
}

// setupReads reports whether the package reads its dependencies from a file.
func (pr *project) setupReads(file string) bool {
	dynamic := strings.Join(toml.Strings(pr.pyproject, "tool", "setuptools", "dynamic", "dependencies",
		"file"), " ")
	return strings.Contains(pr.setupPy.text, file) || strings.Contains(dynamic, file) ||
		strings.Contains(pr.setupCfg["options"]["install_requires"], file)
}

func (pr *project) addFile(file string, list []requirement) {
	pr.files = append(pr.files, file)
	pr.fileDeps[file] = list
}

// requirementsOf returns the requirements of a file and of the files that it includes.
func (pr *project) requirementsOf(file string, trail []string) []requirement {
	if file == "" || slices.Contains(trail, file) || strings.HasPrefix(file, "../") ||
		strings.HasPrefix(file, "/") {
		return nil
	}
	f := parseRequirements(pr.manifest(file))
	if pr.exists(file) {
		pr.read = union(pr.read, []string{file})
	}
	trail = append(slices.Clone(trail), file)
	for _, include := range f.includes {
		f.list = append(f.list, pr.requirementsOf(path.Join(path.Dir(file), include), trail)...)
	}
	for _, constraints := range f.constraints {
		pr.requirementsOf(path.Join(path.Dir(file), constraints), trail) // which decides versions
	}
	return f.list
}
