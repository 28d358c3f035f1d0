package main

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// planInstall plans the install, which all other steps need, unless there is nothing to install.
func (u *unit) planInstall() {
	all := append([]*manifest{u.root}, u.members...)
	installs := slices.ContainsFunc(all, (*manifest).installs)
	if !installs && !slices.ContainsFunc(all, func(m *manifest) bool { return m.HasInstallScripts }) {
		u.initScript()
		u.absent("init", "there is nothing to install: no dependencies")
		return
	}
	s := u.installStep()
	s.Inputs, s.Settings = u.installInputs(), sdk.Settings("git config")
	if u.root.Dir != "." {
		s.Dir = u.root.Dir
	}
	if installs {
		u.setInstallResult(&s)
	} else {
		s.NoCache = true
	}
	u.install = u.add("init", "install", s)
	u.Explain("init", "installs the dependencies of "+u.root.file())
	u.initScript()
}

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
		return g.command("install", "--frozen-lockfile")
	case g.Name == "bun":
		return g.command("install", "--no-save")
	case g.Berry && frozen:
		return g.command("install", "--immutable")
	case g.Berry:
		u.note("there is no yarn.lock, and yarn will write one")
		return g.command("install", "--no-immutable")
	case frozen:
		return g.command("install", "--frozen-lockfile", "--non-interactive")
	}
	return g.command("install", "--pure-lockfile", "--non-interactive")
}

func (u *unit) npmInstall() plan.Step {
	npm := func(words ...string) plan.Step {
		return u.manager.command(append(words, "--no-audit",
			"--no-fund")...)
	}
	if u.manager.Lock == "" {
		u.note("npm install --no-package-lock, since there is no lockfile, and a check must not leave a new one")
		return npm("install", "--no-package-lock")
	}
	if why := u.lockMismatch(); why != "" {
		u.note("npm install --no-package-lock in place of npm ci, since %s is out of step with %s: %s",
			u.manager.Lock, u.root.file(), why)
		return npm("install", "--no-package-lock")
	}
	s := npm("ci")
	s.Provides = &plan.Provides{Check: []string{"node", "-e", probe, strings.TrimPrefix(u.manager.Lock, u.root.Dir+"/")}}
	return s
}

// pnpmInstall returns an install with CI set. Without CI, pnpm asks before it replaces the node_modules of
// another manager.
func (u *unit) pnpmInstall(flags ...string) plan.Step {
	words := append([]string{"install"}, flags...)
	if u.root.Dir != "." && u.project.Exists("pnpm-workspace.yaml") {
		words = append(words, "--ignore-workspace")
	}
	s := u.manager.command(words...)
	s.Env = map[string]string{"CI": "true"}
	return s
}

// installVariables are the variables that decide what package managers of Node install.
var installVariables = []string{
	"NODE_ENV", "npm_config_*", "NPM_CONFIG_*", "YARN_*", "BUN_*", "PNPM_*", "pnpm_config_*",
}

// setInstallResult sets the outputs, the environment and the caches of an install.
func (u *unit) setInstallResult(s *plan.Step) {
	if u.manager.PnP {
		s.Outputs, s.NoCache = []string{u.path(".pnp.cjs")}, true
	} else {
		s.Outputs = []string{u.path("node_modules/")}
		for _, m := range u.members {
			// pnpm links the dependencies of each member from the root
			if u.manager.Name == "pnpm" && m.installs() {
				s.Outputs = append(s.Outputs, join(m.Dir, "node_modules/"))
			}
		}
		if s.Provides == nil {
			s.Provides = &plan.Provides{}
		}
		s.Provides.Dir, s.Provides.Variables, s.Provides.Disposable = s.Outputs[0], installVariables, true
	}
	u.addCache(s)
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
	for _, m := range append([]*manifest{u.root}, u.members...) {
		if m.installReadsFiles() {
			return nil
		}
	}
	for _, m := range u.members {
		inputs = append(inputs, m.file())
	}
	inputs = append(inputs, u.patches()...)
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

// patches returns the patches that manifests name, which may be in any folder of the project. yarn names them
// in versions: "patch:left-pad@npm%3A1.3.0#./fix.patch".
func (u *unit) patches() (files []string) {
	for _, m := range append([]*manifest{u.root}, u.members...) {
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
