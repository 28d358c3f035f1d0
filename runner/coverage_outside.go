package runner

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/runner/trace"
)

// outsideCoverage knows the places outside of a project that never count for a key: the system's own files, and what
// tools keep for themselves.
type outsideCoverage struct {
	root    string
	home    string
	env     []string
	system  []string
	caches  []string
	path    []string
	parents map[string]bool // folders that one of these, or the project, is in
}

// systemFolders are the system's own, and what it shows of itself.
var systemFolders = []string{
	"/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin", "/etc", "/opt", "/proc", "/sys", "/dev",
	"/run", "/var/lib", "/var/cache", "/var/ssl", "/selinux", "/nix/store", "/gnu/store", "/snap",
	"/home/linuxbrew/.linuxbrew", "/rustc", // where a compiler of Rust says that its library was built
}

// A userFolder is where a tool keeps its own files: versions of itself, caches by checksum. Default is in the
// user's home.
type userFolder struct{ variable, fallback, below string }

var userFolders = []userFolder{
	{"XDG_CACHE_HOME", ".cache", ""},
	{"GOCACHE", ".cache/go-build", ""},
	{"GOMODCACHE", "go/pkg/mod", ""},
	{"GOPATH", "go", "pkg"},
	{"GOPATH", "go", "bin"},
	{"GOPATH", "go", "src"}, // of the time before modules
	{"GOPATH", "go", "go.mod"},
	{"XDG_CONFIG_HOME", ".config", "go/telemetry"},
	{"RUSTUP_HOME", ".rustup", ""},
	{"CARGO_HOME", ".cargo", "registry"},
	{"CARGO_HOME", ".cargo", "git"},
	{"CARGO_HOME", ".cargo", "bin"},
	{"CARGO_HOME", ".cargo", ".package-cache"},
	{"CARGO_HOME", ".cargo", ".package-cache-mutate"},
	{"CARGO_HOME", ".cargo", ".global-cache"},
	{"CARGO_HOME", ".cargo", ".global-cache-journal"},
	{"CARGO_HOME", ".cargo", ".global-cache-wal"},
	{"npm_config_cache", ".npm", ""},
	{"COREPACK_HOME", ".cache/node/corepack", ""},
	{"PNPM_HOME", ".local/share/pnpm", ""},
	{"YARN_CACHE_FOLDER", ".yarn/berry/cache", ""},
	{"PIP_CACHE_DIR", ".cache/pip", ""},
	{"UV_CACHE_DIR", ".cache/uv", ""},
	{"UV_PYTHON_INSTALL_DIR", ".local/share/uv", ""},
	{"PYENV_ROOT", ".pyenv", ""},
	{"NVM_DIR", ".nvm", ""},
	{"VOLTA_HOME", ".volta", ""},
	{"ASDF_DATA_DIR", ".asdf", ""},
	{"MISE_DATA_DIR", ".local/share/mise", ""},
	{"DAVIT_CACHE", ".cache/davit", ""},
	{"TERMINFO", ".terminfo", ""},
	{"TMPDIR", "/tmp", ""},
}

func newOutsideCoverage(root string, env []string) *outsideCoverage {
	o := &outsideCoverage{root: root, home: environ.Get(env, "HOME"), env: env, parents: map[string]bool{}}
	o.system = resolved(systemFolders)
	for _, f := range userFolders {
		if base := o.folder(f.variable, f.fallback); base != "" {
			o.caches = append(o.caches, filepath.Join(base, f.below))
		}
	}
	o.caches = resolved(o.caches)
	o.path = resolved(filepath.SplitList(environ.Get(env, "PATH")))
	o.system = append(o.system, o.toolchain("go")...)
	for _, folder := range slices.Concat([]string{root}, o.system, o.caches, o.path) {
		for dir := filepath.Dir(folder); !o.parents[dir]; dir = filepath.Dir(dir) {
			o.parents[dir] = true
		}
	}
	return o
}

// folder returns the folder that a variable names, else one in the user's home, else "".
func (o *outsideCoverage) folder(variable, fallback string) string {
	switch value := environ.Get(o.env, variable); {
	case value != "":
		return value
	case filepath.IsAbs(fallback):
		return fallback
	case o.home != "":
		return filepath.Join(o.home, fallback)
	}
	return ""
}

// toolchain returns the folder that a program of PATH is installed in, with its library: GOROOT for go.
func (o *outsideCoverage) toolchain(name string) []string {
	for _, dir := range o.path {
		if program, err := filepath.EvalSymlinks(filepath.Join(dir, name)); err == nil {
			return []string{filepath.Dir(filepath.Dir(program))}
		}
	}
	return nil
}

// resolved returns absolute paths together with what they lead to: a trace has the latter.
func resolved(paths []string) (all []string) {
	for _, p := range paths {
		if !filepath.IsAbs(p) {
			continue
		}
		all = append(all, filepath.Clean(p))
		if real, err := filepath.EvalSymlinks(p); err == nil && real != filepath.Clean(p) {
			all = append(all, real)
		}
	}
	return all
}

// verdict judges an access outside of the project.
func (o *outsideCoverage) verdict(s Step, a trace.Access) Verdict {
	in := func(folders []string) bool { return within(folders, a.Path) }
	switch {
	case in(o.system):
		return covers("the system's own file")
	case in(o.caches):
		return covers("a tool's own file")
	case slices.Contains(o.path, filepath.Dir(a.Path)) || slices.Contains(o.path, a.Path):
		return covers("a program in PATH")
	case a.Kind.Changes():
		return uncovered("it is outside of the project")
	case o.isProbe(a):
		return covers("a question to the file system, and to no file")
	case o.setting(s, a):
		return covers("its settings")
	case (a.Kind == trace.Stat || a.Kind == trace.Link) && o.parents[a.Path]:
		return covers("a folder on the way")
	}
	return uncovered("it is outside of the project, and no setting of the step")
}

// isProbe reports whether a program asks for a path to learn about something else: the project in capitals,
// for whether the case of names counts; the library of Python in each folder above the program; where a shell
// was before.
func (o *outsideCoverage) isProbe(a trace.Access) bool {
	switch base, dir := filepath.Base(a.Path), filepath.Dir(a.Path); a.Kind {
	case trace.Missing:
		landmark, _ := filepath.Match("python*.zip", base)
		return within([]string{strings.ToUpper(o.root)}, a.Path) || landmark && filepath.Base(dir) == "lib"
	case trace.Stat:
		return a.Path == environ.Get(o.env, "OLDPWD")
	}
	return false
}

// within reports whether a path is one of the folders or below one.
func within(folders []string, path string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool {
		return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, "/")+"/")
	})
}

// settingDefaults are where tools look if a variable that a setting names is not set.
var settingDefaults = map[string]string{
	"CARGO_HOME": ".cargo", "GOENV": ".config/go/env", "XDG_CONFIG_HOME": ".config", "HOME": "",
	"NPM_CONFIG_USERCONFIG": ".npmrc", "npm_config_userconfig": ".npmrc", "RUSTUP_HOME": ".rustup",
	"PIP_CONFIG_FILE": ".config/pip/pip.conf", "GOPATH": "go",
}

// setting reports whether an access is to one of the settings of a step. A look whether the folder exists
// that a setting is in is one too.
func (o *outsideCoverage) setting(s Step, a trace.Access) bool {
	return slices.ContainsFunc(s.Plan.Settings, func(setting string) bool {
		if o.isSetting(setting, a.Path) {
			return true
		}
		folder, _ := filepath.Split(setting)
		folder = strings.TrimSuffix(folder, "/")
		return (a.Kind == trace.Missing || a.Kind == trace.Stat) && strings.Trim(folder, "./") != "" &&
			o.isSetting(folder, a.Path)
	})
}

// isSetting reports whether a path is a setting, or in a folder that is one.
func (o *outsideCoverage) isSetting(setting, path string) bool {
	rest, above := strings.CutPrefix(setting, "../")
	if !above {
		return within(resolved([]string{o.expand(setting)}), path)
	}
	for dir := filepath.Dir(o.root); ; dir = filepath.Dir(dir) {
		if within([]string{filepath.Join(dir, rest)}, path) {
			return true
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

// expand returns the path of a setting: "~/.npmrc", "$GOENV", "$CARGO_HOME/config.toml".
func (o *outsideCoverage) expand(setting string) string {
	if rest, ok := strings.CutPrefix(setting, "~/"); ok {
		return filepath.Join(o.home, rest)
	}
	variable, rest, _ := strings.Cut(strings.TrimPrefix(setting, "$"), "/")
	base := o.folder(variable, settingDefaults[variable])
	return filepath.Join(base, rest)
}
