package python

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// An env plans the environment that the steps of one project run in: what the project's own manager installs for
// development, with the extras and groups that its tests, its types and its declared linters need. One step fills
// it, so that no step removes what another one has installed.
//
// A manager with a lock file fills it exactly, and refuses a lock file that is out of step with the manifests. pip
// has none, so that whatever satisfies the requirements will do: then the environment is chosen when a step runs. It
// is .venv if there is one, else the machine's python3 if pip says that nothing is missing there, else a new .venv.
type env struct {
	*project
	config  *config
	tests   *tests
	manager manager
	why     string

	// root is the root of the workspace, whose environment its members share. The members have joined it.
	root   *env
	joined []*env

	checked  []checker // see linters
	checking *bool     // see pipelineChecks
	versions map[string]toolVersion
	// hooksCalled is the call of all hooks, without a runner if there is none: see preCommitCall.
	hooksCalled *hooksCall
	// builtOnly means that the project above tests and checks the package, so that it is only built.
	builtOnly bool

	// rootOnly means that uv fills the environment without the members of the workspace: see takeSync.
	rootOnly bool

	prepared bool
	ids      []string // of the step that fills the environment
}

// forTests returns the extras or groups that are installed for the tests: those with a usual name, else one
// that contains the runner.
func (e *env) forTests(sets map[string][]requirement) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		if slices.Contains(recipes.TestSets[:3], normalize(name)) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		return names
	}
	for _, want := range append(slices.Clone(recipes.TestSets), slices.Sorted(maps.Keys(sets))...) {
		for _, name := range slices.Sorted(maps.Keys(sets)) {
			if _, runner := declares(sets[name], e.tests.runner); normalize(name) == normalize(want) &&
				(runner || want == "dev") {
				return []string{name}
			}
		}
	}
	return nil
}

// extrasAndGroups returns the extras and groups for the tests and, with a manager that has a lock file, for the
// checkers.
func (e *env) extrasAndGroups() (extras, groups []string) {
	extras, groups = e.forTests(e.extras), e.forTests(e.groups)
	if call := e.tests.call; call != nil {
		extras, groups = union(extras, call.needs.extras), union(groups, call.needs.groups)
	}
	for _, k := range e.linters() {
		if v := e.versionOf(k); v.inProject(k) {
			extras, groups = union(extras, k.needs.extras), union(groups, k.needs.groups)
		}
	}
	for _, m := range e.joined {
		more, moreGroups := m.extrasAndGroups()
		extras, groups = union(extras, more), union(groups, moreGroups)
	}
	switch e.manager {
	case hatch:
		return extras, nil
	case venv:
		for _, r := range e.typeCheckers() {
			groups = union(groups, e.setsWith(e.groups, []string{r.name()}))
		}
		return extras, groups
	}
	return union(extras, e.setsWith(e.extras, e.checkers())), union(groups, e.setsWith(e.groups, e.checkers()))
}

// deps adds the step that fills the environment, once, and returns its id, or nil if there is nothing to install.
func (e *env) deps(b *builder) []string {
	if e.root != nil {
		dir, prefix := b.dir, b.prefix
		b.dir, b.prefix = ".", ""
		defer func() { b.dir, b.prefix = dir, prefix }()
		return e.root.deps(b)
	}
	if !e.prepared {
		e.prepared = true
		if e.ids = e.addDeps(b); e.ids != nil {
			b.addTarget("init", "what the project, its tests and its linters need", e.ids...)
		}
	}
	return slices.Clone(e.ids)
}

func (e *env) addDeps(b *builder) []string {
	s := plan.Step{Inputs: e.installInputs(), Outputs: append([]string{".venv/"}, e.eggInfo()...),
		Env: e.manager.env(), Settings: e.installSettings()}
	extras, groups := e.extrasAndGroups()
	if e.manager == venv {
		p := e.pip(extras, groups, append(e.testNeeds(), e.typeCheckers()...))
		if len(p.lines) == 0 && !e.exists(p.dir+"/"+madeMark) {
			return nil // an environment that davit made has what an earlier manifest asked for
		}
		s.Op, s.Script, s.Tool, s.Caches = plan.OpShell, p.script(), "python", []plan.Cache{sdk.PipCache}
		if e.canCheck(p) {
			s.Provides = &plan.Provides{Check: p.check(e.asking())}
		}
		return []string{b.addEnvironmentStep("deps", e.withGitVersion(s))}
	}
	if list := e.missing(); len(list) > 0 {
		b.decide("no manifest names %s: it is installed beside what %s installs", strings.Join(texts(list), ", "), e.manager)
	}
	s.Op, s.Caches, s.Tool = plan.OpShell, e.manager.caches(), b.managerTool(e.manager)
	s.Script = e.managerScript(extras, groups)
	return []string{b.addEnvironmentStep("deps", e.withGitVersion(s))}
}

// testNeeds returns what the task that runs the tests installs for them.
func (e *env) testNeeds() []requirement {
	if e.tests.call == nil {
		return nil
	}
	return e.tests.call.needs.list
}

// asking returns the names of the files that ask for the packages.
func (e *env) asking() string {
	names := slices.Clone(e.files)
	if e.isPackage || len(names) == 0 {
		names = append(names, e.firstOf("pyproject.toml", "setup.cfg", "setup.py", "Pipfile"))
	}
	return cmp.Or(strings.Trim(strings.Join(names, ", "), ", "), "the project")
}

func union[T comparable](list, more []T) []T {
	for _, m := range more {
		if !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}

func (e *env) undeclared(list []requirement) []requirement {
	return slices.DeleteFunc(slices.Clone(list), func(r requirement) bool {
		_, ok := e.requires(r.name())
		return ok
	})
}

// missing returns what the tests and the type checkers need, and no manifest that the manager reads declares: often the
// runner of the tests. It is installed after what the manager installs, so that no lock file changes.
func (e *env) missing() (out []requirement) {
	extras, groups := e.extrasAndGroups()
	for _, one := range append([]*env{e}, e.joined...) {
		list := append(one.runnerNeeds(extras, groups), one.typeCheckers()...)
		if call := one.tests.call; call != nil {
			list = append(list, call.needs.requirementsIn(one.project)...)
		}
		for _, r := range list {
			if _, known := declares(out, r.name()); !known && !e.installs(r.name()) {
				out = append(out, r)
			}
		}
	}
	return out
}

// installs reports whether the manager installs a package, for one of the projects that share the environment.
func (e *env) installs(name string) bool {
	_, declared := e.requires(name)
	return e.manager == hatch && declared ||
		slices.ContainsFunc(append([]*env{e}, e.joined...), func(one *env) bool { return one.manages(name) })
}

// installInputs returns the files that decide what is installed. A package is installed in place, so that its modules
// do not count, but those from which its metadata may come.
func (e *env) installInputs() []string {
	switch {
	case e.isPackage && e.setupWrites():
		return nil // it may read any file
	case e.inWorkspace() || e.isWorkspace() || e.hasLocalRequirements() || e.isPackage && e.compiles():
		return append(e.packageFiles(), "!/**/*.egg-info/**")
	case e.isPackage || e.manager == poetry:
		globs := append(e.manifestGlobs(), "*", "**/__init__.py", "**/__about__.py", "**/*version*.py", "**/py.typed")
		return append(union(globs, e.metadataFiles()), "!/**/*.egg-info/**")
	}
	return e.manifestGlobs()
}

// setupWrites reports whether setup.py may write files when the package is installed, such as generated code.
func (e *env) setupWrites() bool {
	return slices.ContainsFunc([]string{`"w"`, "'w'", `"wb"`, "'wb'", "write_text", "write_bytes", "subprocess", "os.system"},
		func(word string) bool { return strings.Contains(e.setupPy.text, word) })
}

// pureBackends are build systems that compile nothing, unless the project tells them to.
var pureBackends = []string{"setuptools.", "hatchling.", "flit", "poetry.", "pdm.", "uv_build"}

// compiles reports whether an install of the package may compile something, which has to be installed again when its
// sources change.
func (e *env) compiles() bool {
	pure := func(name string) bool { return strings.HasPrefix(e.backend, name) }
	if e.backend != "" && !slices.ContainsFunc(pureBackends, pure) {
		return true
	}
	for _, word := range []string{"ext_modules", "cythonize", "cffi_modules", "rust_extensions", "cmdclass"} {
		if strings.Contains(e.setupPy.text, word) {
			return true
		}
	}
	tool := toml.Table(e.pyproject, "tool")
	return toml.Has(tool, "setuptools", "ext-modules") || toml.Has(tool, "poetry", "build") ||
		toml.Has(tool, "hatch", "build", "hooks") || toml.Has(tool, "pdm", "build", "run-setuptools")
}

// hasLocalRequirements reports whether requirements are folders or files of the project, which an install
// builds or reads: "-e lib", "wheels/x.whl", "--find-links wheels".
func (e *env) hasLocalRequirements() bool {
	for _, name := range e.read {
		if slices.ContainsFunc(strings.Split(e.manifest(name), "\n"), isLocal) {
			return true
		}
	}
	return namesLocal(e.pyproject, false) || namesLocal(e.pipfile, false)
}

// namesLocal reports whether a value of a manifest names a folder or a file from which a dependency is installed.
func namesLocal(value any, dependency bool) bool {
	switch value := value.(type) {
	case string:
		return dependency && (strings.Contains(value, "file:") || strings.Contains(value, "../"))
	case []any:
		return slices.ContainsFunc(value, func(v any) bool { return namesLocal(v, dependency) })
	case map[string]any:
		for key, v := range value {
			table := dependency || strings.Contains(key, "dependencies") || strings.HasSuffix(key, "packages") ||
				key == "sources" || key == "dependency-groups"
			if dependency && (key == "path" || key == "workspace") || key == "find-links" || namesLocal(v, table) {
				return true
			}
		}
	}
	return false
}

// isLocal reports whether a line of a requirements file names a folder or a file that is no requirements
// file.
func isLocal(line string) bool {
	line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
	if _, include := option(line, "--requirement", "-r", "--constraint", "-c"); include || strings.HasPrefix(line, "#") {
		return include && strings.Contains(line, "../")
	}
	for _, option := range []string{"-e", "--editable", "-f", "--find-links", "."} {
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

// toolchainFiles are files that choose the interpreter, and the compiler of extensions. Each counts also if it is
// missing.
var toolchainFiles = []string{".python-version", "rust-toolchain", "rust-toolchain.toml"}

// manifestGlobs returns the manifests, the lock file and the configuration of the manager.
func (e *env) manifestGlobs() []string {
	globs := slices.Clone(e.manifests)
	if lock := e.manager.lock(); lock != "" && e.exists(lock) {
		globs = append(globs, lock)
	}
	for _, name := range []string{"uv.toml", "poetry.toml", "pdm.toml", "hatch.toml"} {
		if e.exists(name) {
			globs = append(globs, name)
		}
	}
	return union(globs, toolchainFiles)
}
