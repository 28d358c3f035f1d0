package node

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// planInstall plans the install, which all other steps need, unless there is nothing to install.
func (u *unit) planInstall() {
	installs := slices.ContainsFunc(u.packages(), (*manifest).installs) || u.hasLeftovers()
	if !installs && !slices.ContainsFunc(u.packages(), func(m *manifest) bool { return m.HasInstallScripts }) {
		u.initScript()
		u.absent("init", "there is nothing to install: no dependencies")
		return
	}
	s := u.installStep()
	if check := u.archiveCheck(); check != nil {
		s = runFirst(s, sdk.Quote(s.Argv...), sdk.Quote(check...))
	}
	s.Inputs, s.Settings = u.installInputs(), sdk.Settings("git config")
	if u.root.Dir != "." {
		s.Dir = u.root.Dir
	}
	if installs {
		u.setInstallResult(&s)
	} else {
		s.NoCache, s.Provides = true, nil
	}
	u.install = u.add("init", "install", s)
	u.Explain("init", "installs the dependencies of "+u.root.file())
	u.initScript()
}

// hasLeftovers reports whether a manager has installed packages, although there are no dependencies any more. Not all
// managers remove them then: Bun removes its lockfile, and nothing else.
func (u *unit) hasLeftovers() bool {
	if slices.ContainsFunc(u.packages(), (*manifest).installs) {
		return false
	}
	if u.manager.PnP {
		return u.manager.Lock != "" && u.project.Exists(u.path(".pnp.cjs"))
	}
	return slices.ContainsFunc(u.packages(), u.hasPackages)
}

// hasPackages reports whether a manager has installed packages in the node_modules beside a manifest. Without a record
// and a lockfile, packages are a manager's if git ignores them, and otherwise files of the project.
func (u *unit) hasPackages(m *manifest) bool {
	names := u.project.List(join(m.Dir, "node_modules"))
	if slices.ContainsFunc(records, func(name string) bool { return slices.Contains(names, name) }) {
		return true
	}
	isPackage := func(name string) bool { return !strings.HasPrefix(name, ".") }
	return slices.ContainsFunc(names, isPackage) && (u.manager.Lock != "" || u.ignored("node_modules"))
}

// records are the files in node_modules in which managers note what they installed.
var records = []string{".package-lock.json", ".yarn-integrity", ".yarn-state.yml", ".modules.yaml"}

// initScript adds the script "init" to the target, after the install.
func (u *unit) initScript() {
	if s := u.root.script("init"); s.text != "" {
		step := u.scriptStep(s)
		step.NoCache = true
		u.add("init", "init", step)
	}
}

// installStep returns the install command. It installs exactly the lockfile if there is one, and writes no
// new one if there is none, since a check that installs first must not change the project.
func (u *unit) installStep() plan.Step {
	g := u.manager
	frozen := g.Lock != ""
	switch {
	case g.Name == "npm":
		return u.npmInstall()
	case g.Name == "pnpm" && frozen:
		return u.pnpmInstall("--frozen-lockfile")
	case g.Name == "pnpm":
		return u.pnpmInstall("--no-lockfile")
	case g.Name == "bun" && frozen:
		return u.bunInstall("--frozen-lockfile")
	case g.Name == "bun":
		return u.bunInstall("--no-save")
	case g.Berry:
		return u.berryInstall()
	case frozen: // without --check-files, yarn does not look whether the packages are there
		return g.command("install", "--frozen-lockfile", "--check-files", "--non-interactive")
	}
	return g.command("install", "--pure-lockfile", "--check-files", "--non-interactive")
}

// npmInstall returns "npm ci", which removes all of node_modules first. So npm is asked whether it would change
// anything, unless install scripts change packages, or a package is in an archive, which npm would not read for an
// answer. Scripts that only make files of the project run each time.
func (u *unit) npmInstall() plan.Step {
	if u.manager.Lock == "" {
		u.note("npm install --no-package-lock, since there is no lockfile, and a check must not leave a new one")
		return u.manager.command("install", "--no-package-lock", "--no-audit", "--no-fund")
	}
	s := u.manager.command("ci", "--no-audit", "--no-fund")
	check := []string{"node", "-e", probe, strings.TrimPrefix(u.manager.Lock, u.root.Dir+"/")}
	switch calls := u.hookCalls(); {
	case u.changesPackages() || u.hasArchives():
	case len(calls) > 0:
		s.Op, s.Script, s.Argv = plan.OpShell, fmt.Sprintf("if %s; then\n  %s\nelse\n  %s\nfi",
			sdk.Quote(check...), strings.Join(calls, "\n  "), sdk.Quote(s.Argv...)), nil
	default:
		s.Provides = &plan.Provides{Check: check}
	}
	return s
}

// hookCalls returns the commands that run the install scripts of the members, and then of the root, with npm.
func (u *unit) hookCalls() (calls []string) {
	for _, hook := range installHooks {
		if slices.ContainsFunc(u.members, func(m *manifest) bool { return slices.Contains(m.hooks(), hook) }) {
			calls = append(calls, "npm run "+sdk.Quote(hook)+" --workspaces --if-present")
		}
	}
	for _, hook := range u.root.hooks() {
		calls = append(calls, "npm run "+sdk.Quote(hook))
	}
	return calls
}

// changesPackages reports whether an install script of a package may change what is in node_modules.
func (u *unit) changesPackages() bool {
	return slices.ContainsFunc(u.packages(), (*manifest).changesPackages)
}

// hasArchives reports whether a manifest names an archive.
func (u *unit) hasArchives() bool {
	return slices.ContainsFunc(u.packages(), func(m *manifest) bool { return slices.ContainsFunc(m.versions(), isArchive) })
}

// pnpmInstall returns an install with CI set. Without CI, pnpm asks before it replaces the node_modules of
// another manager. pnpm 11 looks at the times of files, and not at node_modules, unless it is told otherwise.
func (u *unit) pnpmInstall(flags ...string) plan.Step {
	words := append([]string{"install"}, flags...)
	if u.root.Dir != "." && u.project.Exists("pnpm-workspace.yaml") {
		words = append(words, "--ignore-workspace")
	}
	if u.changesPackages() { // as for Bun
		words = append(words, "--package-import-method=clone-or-copy")
	}
	s := u.manager.command(words...)
	s.Env = map[string]string{"CI": "true", "pnpm_config_optimistic_repeat_install": "false"}
	return s
}

// bunInstall returns an install that copies packages if install scripts change them: by default they are links to the
// files in Bun's cache, which would be changed too.
func (u *unit) bunInstall(flags ...string) plan.Step {
	words := append([]string{"install"}, flags...)
	if u.changesPackages() {
		words = append(words, "--backend=copyfile")
	}
	return u.manager.command(words...)
}

// berryInstall returns the install of yarn 2 and later, which does nothing without a yarn.lock: it writes one if git
// ignores it, and otherwise refuses, as it does in CI.
func (u *unit) berryInstall() plan.Step {
	switch {
	case u.manager.Lock != "":
	case u.ignored("yarn.lock"):
		u.note("there is no yarn.lock, and yarn will write one")
		return u.manager.command("install", "--no-immutable")
	default:
		u.note("there is no yarn.lock, without which yarn runs nothing: write it with yarn install, and commit it")
	}
	return u.manager.command("install", "--immutable")
}

// installVariables are the variables that decide what package managers of Node, and the install scripts of packages
// that are compiled or download a program, install.
var installVariables = []string{
	"NODE_ENV", "npm_config_*", "NPM_CONFIG_*", "pnpm_config_*", "PNPM_CONFIG_*", "YARN_*", "yarn_*", "BUN_CONFIG_*",
	"COREPACK_*", "CC", "CXX", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "PYTHON", "NODE_GYP_FORCE_PYTHON",
	"CHROMEDRIVER_*", "CYPRESS_*", "ELECTRON_*", "ESBUILD_*", "PLAYWRIGHT_*", "PRISMA_*", "PUPPETEER_*", "SASS_*",
	"SENTRYCLI_*", "SHARP_*",
}

// variables returns installVariables and those that the settings of the project name: "${NAME}".
func (u *unit) variables() []string {
	names := slices.Clone(installVariables)
	for _, file := range []string{".npmrc", ".yarnrc.yml", "bunfig.toml"} {
		text, _ := u.project.Read(u.path(file))
		for _, found := range reference().FindAllStringSubmatch(text, -1) {
			if !slices.Contains(names, found[1]) {
				names = append(names, found[1])
			}
		}
	}
	return names
}

// reference matches a reference to a variable in a settings file.
var reference = pattern(`\$\{?([A-Za-z_][A-Za-z0-9_]*)`)

// setInstallResult sets the outputs, the environment and the caches of an install. Those of members need not exist.
func (u *unit) setInstallResult(s *plan.Step) {
	if s.Provides == nil {
		s.Provides = &plan.Provides{}
	}
	p := s.Provides
	p.Variables, p.Empty = u.variables(), u.hasLeftovers()
	if u.manager.PnP {
		s.Outputs = []string{u.path(".pnp.cjs"), u.path(".yarn/unplugged/")}
	} else {
		s.Outputs, p.Disposable = []string{u.path("node_modules/")}, true
		for _, m := range u.members {
			if m.installs() || u.hasPackages(m) {
				s.Outputs = append(s.Outputs, join(m.Dir, "node_modules/"))
			}
		}
		p.Foreign, p.Fresh = u.foreignRecords(), u.mustBeFresh()
	}
	p.Dir = s.Outputs[0]
	u.addCache(s)
}

// foreignRecords returns the records that show pnpm that another manager has installed packages, of which it keeps some.
// npm and yarn remove what others left.
func (u *unit) foreignRecords() (names []string) {
	if u.manager.Name == "pnpm" {
		for _, record := range records[:3] {
			names = append(names, u.path("node_modules/"+record))
		}
	}
	return names
}

// mustBeFresh reports whether an install ends otherwise if packages are there already: Bun keeps those that are not in
// the lockfile any more, install scripts may change them, yarn 2 and later do not run the scripts a second time, and
// no manager looks whether an archive is still the one that it unpacked. "npm ci" removes packages itself.
func (u *unit) mustBeFresh() bool {
	switch {
	case u.manager.Name == "bun" || u.hasLeftovers():
		return true
	case u.manager.Name == "npm" && u.manager.Lock != "":
		return false
	case u.manager.Berry && slices.ContainsFunc(u.packages(), func(m *manifest) bool { return len(m.hooks()) > 0 }):
		return true
	}
	return u.changesPackages() || u.hasArchives()
}

// addCache adds the cache of the manager.
func (u *unit) addCache(s *plan.Step) {
	if c := u.cache(); !slices.Contains(s.Caches, c) {
		s.Caches = append(s.Caches, c)
	}
}

func (u *unit) cache() plan.Cache {
	switch {
	case u.manager.Name == "pnpm":
		return plan.Cache{ID: "pnpm", Env: "npm_config_store_dir"}
	case u.manager.Name == "bun":
		return plan.Cache{ID: "bun", Env: "BUN_INSTALL_CACHE_DIR"}
	case u.manager.Berry:
		return plan.Cache{ID: "yarn-berry", Env: "YARN_GLOBAL_FOLDER"}
	case u.manager.Name == "yarn":
		return plan.Cache{ID: "yarn", Env: "YARN_CACHE_FOLDER"}
	}
	return sdk.NpmCache
}

// installFiles are the files that managers read besides manifests and lockfiles. What a version file says
// decides which Node compiles packages.
var installFiles = []string{
	".npmrc", ".yarnrc.yml", ".yarnrc", "pnpm-workspace.yaml", "bunfig.toml", "patches/", ".yarn/patches/",
	".yarn/releases/", ".yarn/plugins/", ".yarn/cache/", ".nvmrc", ".node-version", ".tool-versions",
}

// besideManifests are the files that managers look for beside each manifest. Each counts also if it is missing,
// since a new one would change what is installed.
var besideManifests = []string{
	".npmrc", "npm-shrinkwrap.json", "package-lock.json", "yarn.lock", "binding.gyp",
}

// installCode are files with code of the project that managers run, which may read any file.
var installCode = []string{".pnpmfile.cjs", ".pnpmfile.mjs", "yarn.config.cjs", "constraints.pro"}

// installInputs returns the files that decide what is installed, or nil for all files if an install
// runs code of the project or a dependency is a folder of the project.
func (u *unit) installInputs() []string {
	if slices.ContainsFunc(installCode, func(name string) bool { return u.project.Exists(u.path(name)) }) {
		return nil
	}
	inputs := []string{u.root.file()}
	for _, m := range u.packages() {
		if m.installReadsFiles() {
			return nil
		}
	}
	for _, m := range u.members {
		inputs = append(inputs, m.file())
	}
	inputs = append(inputs, slices.Concat(u.patches(), u.archives())...)
	for _, name := range installFiles {
		if u.project.Exists(strings.TrimSuffix(u.path(name), "/")) {
			inputs = append(inputs, u.path(name))
		}
	}
	if u.manager.Lock != "" {
		inputs = append(inputs, u.manager.Lock)
	}
	for _, name := range besideManifests {
		inputs = append(inputs, u.path(name))
		if len(u.members) > 0 {
			inputs = append(inputs, u.path("**/"+name))
		}
	}
	slices.Sort(inputs)
	return slices.Compact(inputs)
}

// archives returns the archives in the project that manifests name.
func (u *unit) archives() (files []string) {
	for _, m := range u.packages() {
		for _, version := range m.versions() {
			if file := m.archive(version); file != "" {
				files = append(files, file)
			}
		}
	}
	return files
}

// patches returns the patches that manifests name, which may be in any folder of the project. yarn names them
// in versions: "patch:left-pad@npm%3A1.3.0#./fix.patch".
func (u *unit) patches() (files []string) {
	for _, m := range u.packages() {
		for _, text := range slices.Concat(m.Patches, m.versions()) {
			_, file, yarn := strings.Cut(text, "#")
			if !yarn || !strings.HasPrefix(text, "patch:") {
				file = text
			}
			file = path.Join(m.Dir, strings.TrimPrefix(strings.TrimPrefix(file, "~/"), "optional!"))
			if path.Ext(file) == ".patch" && !slices.Contains(files, file) && u.project.Exists(file) {
				files = append(files, file)
			}
		}
	}
	return files
}
