package host

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/plugins/plan"
)

// A runtimeKind is an interpreter or toolchain of which a machine may have several versions.
type runtimeKind struct {
	check     []string // the command that prints its version
	variables []string // by which a user chooses a version, whatever the project pins
	managers  []versionManager
	site      string // of the first manager
}

// A versionManager is a program that keeps versions of a runtime, each in a folder of its own.
type versionManager struct {
	name     string   // of its program
	homes    []string // folders that it may keep them in: below a variable ("$PYENV_ROOT") or the home ("~/.pyenv")
	versions string   // the folders of programs in its home; "*" is the version
	install  string   // the command that installs a version, without the version
}

// miseHomes are the folders of mise, and asdfHomes those of asdf.
var (
	miseHomes = []string{"$MISE_DATA_DIR", "$XDG_DATA_HOME/mise", "~/.local/share/mise"}
	asdfHomes = []string{"$ASDF_DATA_DIR", "~/.asdf"}
)

// runtimes are the runtimes that plans may name. A message suggests the first manager that is installed.
var runtimes = map[string]runtimeKind{
	plan.RuntimePython: {
		check:     []string{"python3", "--version"},
		variables: []string{"PYENV_VERSION", "ASDF_PYTHON_VERSION", "MISE_PYTHON_VERSION"},
		site:      "https://github.com/pyenv/pyenv",
		managers: []versionManager{
			{"pyenv", []string{"$PYENV_ROOT", "~/.pyenv"}, "versions/*/bin", "pyenv install "},
			{"uv", []string{"$UV_PYTHON_INSTALL_DIR", "$XDG_DATA_HOME/uv/python", "~/.local/share/uv/python"},
				"*/bin", "uv python install "},
			{"mise", miseHomes, "installs/python/*/bin", "mise install python@"},
			{"asdf", asdfHomes, "installs/python/*/bin", "asdf install python "},
		},
	},
	plan.RuntimeNode: {
		check:     []string{"node", "--version"},
		variables: []string{"NODENV_VERSION", "ASDF_NODEJS_VERSION", "MISE_NODE_VERSION"},
		site:      "https://github.com/nvm-sh/nvm",
		managers: []versionManager{
			{"nvm", []string{"$NVM_DIR", "$XDG_CONFIG_HOME/nvm", "~/.nvm"}, "versions/node/*/bin", "nvm install "},
			{"fnm", []string{"$FNM_DIR", "$XDG_DATA_HOME/fnm", "~/.local/share/fnm", "~/.fnm",
				"~/Library/Application Support/fnm"}, "node-versions/*/installation/bin", "fnm install "},
			{"volta", []string{"$VOLTA_HOME", "~/.volta"}, "tools/image/node/*/bin", "volta fetch node@"},
			{"nodenv", []string{"$NODENV_ROOT", "~/.nodenv"}, "versions/*/bin", "nodenv install "},
			{"mise", miseHomes, "installs/node/*/bin", "mise install node@"},
			{"asdf", asdfHomes, "installs/nodejs/*/bin", "asdf install nodejs "},
		},
	},
	plan.RuntimeRust: {
		check:     []string{"cargo", "--version"},
		variables: []string{"RUSTUP_TOOLCHAIN"},
		site:      "https://rustup.rs",
		managers: []versionManager{
			{"rustup", []string{"$RUSTUP_HOME", "~/.rustup"}, "toolchains/*/bin", "rustup toolchain install "},
		},
	},
}

// withoutInstalls are the variables that keep the shims of version managers from installing what they lack.
var withoutInstalls = []string{"RUSTUP_AUTO_INSTALL=0", "MISE_NOT_FOUND_AUTO_INSTALL=0"}

// mayInstall reports whether a program is a shim that may install a runtime when it is asked for its version, which
// no variable prevents.
func mayInstall(program string) bool {
	return strings.HasPrefix(filepath.Base(resolved(program)), "volta")
}

// chosenBy returns the variable by which the caller chooses a version; empty if there is none.
func (k runtimeKind) chosenBy(env []string) string {
	i := slices.IndexFunc(k.variables, func(name string) bool { return environ.Get(env, name) != "" })
	if i < 0 {
		return ""
	}
	return k.variables[i]
}

// An installed is a version of a runtime in the folder of a version manager.
type installed struct {
	name string // "3.12.4", "nightly-2026-01-01"
	dir  string // of its programs
}

// installed returns the versions in the folders of version managers, the newest first.
func (k runtimeKind) installed(env []string) (all []installed) {
	for _, m := range k.managers {
		for _, home := range m.folders(env) {
			all = append(all, m.installed(home)...)
		}
	}
	slices.SortStableFunc(all, func(a, b installed) int { return compareVersions(b.name, a.name) })
	return all
}

// folders returns the absolute paths of the folders that a manager may keep versions in.
func (m versionManager) folders(env []string) (dirs []string) {
	for _, home := range m.homes {
		variable, below, _ := strings.Cut(home, "/")
		name, isVariable := strings.CutPrefix(variable, "$")
		if !isVariable {
			name = "HOME"
		}
		if root := environ.Get(env, name); filepath.IsAbs(root) {
			dirs = append(dirs, filepath.Join(root, filepath.FromSlash(below)))
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// installed returns the versions in one folder of a manager.
func (m versionManager) installed(home string) (all []installed) {
	above, below, _ := strings.Cut(m.versions, "*")
	entries, _ := os.ReadDir(filepath.Join(home, filepath.FromSlash(above)))
	for _, e := range entries {
		if found := installedName().FindStringSubmatch(e.Name()); found != nil {
			dir := filepath.Join(home, filepath.FromSlash(above), e.Name(), filepath.FromSlash(below))
			all = append(all, installed{found[1], dir})
		}
	}
	return all
}

// installedName matches the name of a version's folder: "v22.13.0", "cpython-3.12.4-linux-x86_64-gnu", "3.12",
// "nightly-2026-01-01-x86_64-unknown-linux-gnu". Other implementations, such as PyPy and builds without a lock, are
// no versions of the runtime.
var installedName = lazyRegexp(
	`^(?:v|cpython-)?((?:\d+(?:\.\d+)*|stable|beta|nightly)(?:-\d{4}-\d\d-\d\d)?)(?:-[a-z]\w+-[\w-]+)?$`)

// install returns the command that installs a version, by the first of the runtime's managers that this machine has,
// else by one that can be had; empty if no manager takes such a version.
func (r *Runner) install(k runtimeKind, pin string, env []string) string {
	if !pinnedVersion().MatchString(pin) {
		return ""
	}
	for _, m := range k.managers {
		_, there := r.lookPath(m.name, env)
		if there || slices.ContainsFunc(m.folders(env), isDir) {
			return m.install + pin
		}
	}
	return k.managers[0].install + pin + ", with " + k.managers[0].name + " from " + k.site
}

// pinnedVersion matches a pin that is a version, or a channel, and no constraint.
var pinnedVersion = lazyRegexp(`^(?:\d+(?:\.\d+)*|(?:stable|beta|nightly))(?:-\d{4}-\d\d-\d\d)?$`)

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
