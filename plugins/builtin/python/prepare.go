package main

import (
	_ "embed"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// An env plans the environment that the steps of one project run in.
//
// The environment is chosen when a step runs: .venv if there is one, else the machine's python3. The step
// that creates or fills .venv is skipped if the probe finds that this interpreter has what is needed.
//
// Not all that the manifests list for development is needed: a missing mypy or mkdocs is no reason to build
// an environment before testing. To run, a project needs its declared dependencies in the declared versions,
// and its package has to be importable (which fails without files that an install generates, such as a
// _version.py). Tests need their runner (but not pytest if unittest can run them), the plugins that its
// configuration or a fixture requires, and the modules that the test files import. A dependency that tests
// never import, such as tox or coverage in the "test" extras, is not needed. If pip cannot install what is
// missing, as on a machine without a network, the tests still run if the modules that they import are there,
// so davit does not fail where a plain "python -m pytest" passes.
type env struct {
	*project
	config  *config
	tests   *tests
	manager manager
	why     string
}

//go:embed probe.py
var probeSource string

// probe returns the command that exits 0 if the interpreter has what the words name. See probe.py.
func probe(words ...string) []string {
	return append([]string{"python3", "-c", probeScript()}, words...)
}

// quoteProbe returns the command of a probe for a shell. Its words KIND:VALUE are always in quotes, since
// most values need them.
func quoteProbe(argv []string) string {
	quoted := sdk.Quote(argv[:3]...)
	for _, word := range argv[3:] {
		quoted += " '" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return quoted
}

// probeScript returns the program without its comments.
func probeScript() string {
	lines := slices.DeleteFunc(strings.Split(probeSource, "\n"), func(line string) bool {
		return strings.HasPrefix(strings.TrimSpace(line), "#") || line == ""
	})
	return strings.Join(lines, "\n") + "\n"
}

// environmentProbe returns the probe of a step that fills the environment of the project.
func (e *env) environmentProbe(words []string) []string {
	return probe(append([]string{"whole:" + e.environmentDir()}, words...)...)
}

// runtimeProbe returns the words of the probe for the project itself.
func (e *env) runtimeProbe() (w []string) {
	if e.python != "" && specifier(e.python) != "" {
		w = append(w, "python:"+specifier(e.python))
	}
	if root := e.packageRoot(); root != "." {
		w = append(w, "path:"+root)
	}
	for _, r := range e.runtime {
		w = append(w, "dist:"+string(r))
	}
	if own := e.ownPackage(); own != "" && e.isPackage {
		w = append(w, "own:"+own)
	}
	return w
}

// testProbe returns the words of the probe for the tests, besides those of the project.
func (e *env) testProbe() (w []string) {
	switch runner := e.tests.runner; {
	case e.tests.pytestOptional:
		w = append(w, "either:pytest")
	case runner == "pytest" || runner == "tox" || runner == "nox":
		w = append(w, "module:"+runner)
	}
	for _, m := range e.tests.config.plugins() {
		w = append(w, "module:"+m)
	}
	for _, dir := range e.tests.config.pythonpath {
		w = append(w, "path:"+dir)
	}
	if e.tests.runner == "pytest" {
		for _, f := range pluginOfFixture {
			if _, ok := e.requires(distribution(f.module)); ok {
				w = append(w, "fixture:"+f.word+"="+f.module)
			}
		}
	}
	if e.tests.runner == "pytest" || e.tests.runner == "unittest" {
		for _, name := range e.tests.scanned(e.project) {
			w = append(w, "tests:"+name)
		}
	}
	return w
}

// testNames are the usual names of the extra or group with what tests need, in order of preference.
var testNames = []string{"test", "tests", "testing", "test-dependencies", "tests-dependencies", "dev",
	"develop", "development", "all"}

// forTests returns the extras or groups that are installed for the tests: those with a usual name, else one
// that contains the runner.
func (e *env) forTests(sets map[string][]requirement) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		if slices.Contains(testNames[:3], normalize(name)) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		return names
	}
	for _, want := range append(slices.Clone(testNames), slices.Sorted(maps.Keys(sets))...) {
		for _, name := range slices.Sorted(maps.Keys(sets)) {
			if _, runner := declares(sets[name], e.tests.runner); normalize(name) == normalize(want) &&
				(runner || want == "dev") {
				return []string{name}
			}
		}
	}
	return nil
}

// extrasAndGroups returns the extras and groups for the tests.
func (e *env) extrasAndGroups() (extras, groups []string) {
	extras, groups = e.forTests(e.extras), e.forTests(e.groups)
	if e.manager == hatch {
		groups = nil
	}
	return extras, groups
}

// prepare adds a step that fills the environment unless the words of the probe are satisfied, and returns its
// id, or nil if there is nothing to install. It also installs more requirements.
func (e *env) prepare(b *builder, id string, words []string, more ...requirement) []string {
	s := plan.Step{Inputs: e.installInputs(), Outputs: append([]string{".venv/"}, e.eggInfo()...),
		Provides: &plan.Provides{Check: e.environmentProbe(words)}, Env: e.manager.env(), Settings: e.installSettings()}
	extras, groups := e.extrasAndGroups()
	for _, r := range more {
		groups = union(groups, e.setsWith(e.groups, []string{r.name()}))
	}
	if e.manager == venv {
		lines := e.pipLines(extras, groups, more)
		if len(lines) == 0 {
			return nil
		}
		s.Op, s.Script, s.Tool = plan.OpShell, pip{dir: ".venv", lines: lines,
			fallbackProbe: enough(id, words)}.script(), "python"
		s.Caches = []plan.Cache{sdk.PipCache}
		return []string{b.addEnvironmentStep(id, e.withGitVersion(s))}
	}
	lines := [][]string{e.manager.sync(e.project, extras, groups)}
	if e.manager == hatch { // an environment that exists is not filled by "hatch env create"
		lines = append(lines, []string{"hatch", "run", "python", "-c", "pass"})
	}
	if missing := e.undeclared(more); len(missing) > 0 {
		lines = append(lines, e.manager.add(missing))
	}
	s.Tool = b.managerTool(e.manager)
	return []string{b.addEnvironmentStep(id, e.withGitVersion(e.managerStep(s, lines...)))}
}

func union(list, more []string) []string {
	for _, m := range more {
		if !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}

// enough returns those words of a probe without which the tests cannot start: what they import, in any
// version. If nothing can be installed, the result of the tests decides, as when they are run by hand.
func enough(id string, words []string) []string {
	if id != "deps" {
		return nil
	}
	return probe(slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		return strings.HasPrefix(w, "dist:") || strings.HasPrefix(w, "python:")
	})...)
}

func (e *env) undeclared(list []requirement) []requirement {
	return slices.DeleteFunc(slices.Clone(list), func(r requirement) bool {
		_, ok := e.requires(r.name())
		return ok
	})
}

// add returns the command that installs packages into the manager's environment that no manifest names.
func (m manager) add(list []requirement) []string {
	argv := map[manager][]string{
		uv: {"uv", "pip", "install"}, poetry: {"poetry", "run", "python", "-m", "pip", "install"},
		pipenv: {"pipenv", "run", "pip", "install"}, pdm: {"pdm", "run", "python", "-m", "pip", "install"},
		hatch: {"hatch", "run", "pip", "install"},
	}[m]
	for _, r := range list {
		argv = append(argv, string(r))
	}
	return argv
}

// installInputs returns the files that decide what is installed: all files if the project itself, or a folder
// of it, is installed.
func (e *env) installInputs() []string {
	if e.isPackage || e.manager == poetry || e.inWorkspace() || e.hasLocalRequirements() {
		return append(e.packageFiles(), "!/**/*.egg-info/**")
	}
	return e.manifestGlobs()
}

// hasLocalRequirements reports whether requirements are folders or files of the project, which an install
// builds or reads: "-e lib", "wheels/x.whl", "--find-links wheels", "-c constraints.txt".
func (e *env) hasLocalRequirements() bool {
	return slices.ContainsFunc(e.manifests, func(name string) bool {
		text := e.manifest(name)
		if !strings.HasSuffix(name, ".txt") {
			return slices.ContainsFunc([]string{"path =", "path=", "workspace = true", "find-links", "file:", "../"},
				func(s string) bool { return strings.Contains(text, s) })
		}
		return slices.ContainsFunc(strings.Split(text, "\n"), isLocal)
	})
}

// isLocal reports whether a line of a requirements file names a folder or a file that is no requirements
// file.
func isLocal(line string) bool {
	line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
	if _, include := includeOption(line); include || strings.HasPrefix(line, "#") {
		return strings.Contains(line, "../")
	}
	for _, option := range []string{"-e", "--editable", "-c", "--constraint", "-f", "--find-links", "."} {
		if strings.HasPrefix(line, option) {
			return true
		}
	}
	return strings.Contains(line, "file:") || strings.HasSuffix(line, ".whl") ||
		strings.Contains(line, "/") && !strings.Contains(line, "://")
}

// installSettings returns the settings of a step that installs.
func (e *env) installSettings() []string { return sdk.Settings("pip", string(e.manager)) }

// scmTools are the build requirements that read the version of the package from Git and take another one from
// a variable. Both use the same library.
var scmTools = []string{"setuptools-scm", "hatch-vcs"}

func (e *env) usesSCM() bool {
	return slices.ContainsFunc(e.buildRequires(),
		func(r requirement) bool { return slices.Contains(scmTools, r.name()) })
}

// gitVersioned reports whether the version of the package comes from Git, whose commits and tags are no files
// of the project.
func (e *env) gitVersioned() bool {
	others := []string{"setuptools-git-versioning", "poetry-dynamic-versioning", "versioningit", "versioneer"}
	other := func(r requirement) bool { return slices.Contains(others, r.name()) }
	return e.usesSCM() || slices.ContainsFunc(e.buildRequires(), other) ||
		toml.String(e.pyproject, "tool", "pdm", "version", "source") == "scm" ||
		strings.Contains(e.setupPy.text, "use_scm_version") || strings.Contains(e.setupPy.text, "versioneer")
}

// writesVersion reports whether an install writes the version into a module of the project.
func (e *env) writesVersion() bool {
	return toml.Has(e.pyproject, "tool", "hatch", "build", "hooks", "vcs") ||
		toml.Has(e.pyproject, "tool", "setuptools_scm", "write_to") ||
		toml.Has(e.pyproject, "tool", "setuptools_scm", "version_file")
}

// withGitVersion lets a step build a package with a version from Git where there is no Git, such as in a
// container.
func (e *env) withGitVersion(s plan.Step) plan.Step {
	if !e.usesSCM() {
		return s
	}
	if s.Op == plan.OpExec {
		s.Op, s.Script, s.Argv = plan.OpShell, "# "+sdk.Quote(s.Argv...)+"\n"+sdk.Quote(s.Argv...)+
			" \"$@\"\n", nil
	}
	s.PassEnv = append(s.PassEnv, "SETUPTOOLS_SCM_PRETEND_VERSION")
	s.Settings = append(s.Settings, plan.SettingGit)
	s.NoCache = s.NoCache || e.writesVersion() // which a stored result would not bring back
	first, rest, _ := strings.Cut(s.Script, "\n")
	s.Script = first +
		"\ngit rev-parse --git-dir >/dev/null 2>&1 || export SETUPTOOLS_SCM_PRETEND_VERSION=\"${SETUPTOOLS_SCM_PRETEND_VERSION:-0.0.0}\"\n" + rest
	return s
}

// manifestGlobs returns the manifests and the files that the probe reads.
func (e *env) manifestGlobs() []string {
	globs := slices.Clone(e.manifests)
	if lock := e.manager.lock(); lock != "" && e.exists(lock) {
		globs = append(globs, lock)
	}
	for _, name := range []string{"uv.toml", "poetry.toml", "pdm.toml", "hatch.toml", ".python-version"} {
		if e.exists(name) {
			globs = append(globs, name)
		}
	}
	if len(e.tests.files) > 0 {
		globs = append(globs, "**/*test*.py") // the probe reads them
	}
	return globs
}
