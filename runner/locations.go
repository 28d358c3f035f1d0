package runner

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/runner/trace"
)

// SystemFolders are the folders of the system itself, and of what it shows of itself. Changes there are not
// seen; docs/results.md prints the list.
var SystemFolders = []string{
	"/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin", "/etc", "/opt", "/proc", "/sys", "/dev",
	"/run", "/var/lib", "/var/cache", "/var/ssl", "/selinux", "/nix/store", "/gnu/store", "/snap",
	"/home/linuxbrew/.linuxbrew", "/rustc", // where a compiler of Rust says that its library was built
}

// A ToolFolder is a folder or a file of a tool's own, outside of projects: versions of itself, caches by
// checksum, credentials.
type ToolFolder struct {
	// Variable names the folder; empty if none does. Default is what it is without that: in the user's home,
	// unless it begins with "/".
	Variable, Default string
	// Below are the names in the folder that are meant; none is the whole folder.
	Below []string
}

// ToolFolders do not count for results, since tools check them themselves, or since no result depends on them;
// docs/results.md prints the list.
var ToolFolders = []ToolFolder{
	{"XDG_CACHE_HOME", ".cache", nil},
	{"TMPDIR", "/tmp", nil},
	{"GOCACHE", ".cache/go-build", nil},
	{"GOMODCACHE", "go/pkg/mod", nil},
	{"GOPATH", "go", []string{"pkg", "bin", "src", "go.mod"}},
	{"XDG_CONFIG_HOME", ".config", []string{"go/telemetry"}},
	{"RUSTUP_HOME", ".rustup", []string{"toolchains", "downloads", "tmp", "update-hashes"}},
	{"CARGO_HOME", ".cargo", []string{"registry", "git", "bin", ".package-cache", ".package-cache-mutate",
		".global-cache", ".global-cache-journal", ".global-cache-wal", "credentials", "credentials.toml"}},
	{"npm_config_cache", ".npm", nil},
	{"COREPACK_HOME", ".cache/node/corepack", nil},
	{"PNPM_HOME", ".local/share/pnpm", nil},
	{"YARN_CACHE_FOLDER", ".yarn/berry/cache", nil},
	{"PIP_CACHE_DIR", ".cache/pip", nil},
	{"UV_CACHE_DIR", ".cache/uv", nil},
	{"UV_PYTHON_INSTALL_DIR", ".local/share/uv", nil},
	{"PYTHONUSERBASE", ".local", []string{"bin", "lib"}}, // what pip installs for the system's Python
	{"PYENV_ROOT", ".pyenv", []string{"bin", "libexec", "plugins", "pyenv.d", "shims",
		"versions"}},
	{"NVM_DIR", ".nvm", nil},
	{"VOLTA_HOME", ".volta", nil},
	{"ASDF_DATA_DIR", ".asdf", nil},
	{"MISE_DATA_DIR", ".local/share/mise", nil},
	{"DAVIT_CACHE", ".cache/davit", nil},
	{"TERMINFO", ".terminfo", nil},
	{"", "", []string{".netrc", "_netrc", ".git-credentials", ".ssh", ".gnupg", ".docker/config.json", ".pypirc",
		".inputrc", ".python_history", ".node_repl_history"}},
}

// systemFoldersFor returns the folders of the system, without those that the project is in: people keep projects
// in /opt, and pipelines in /var/lib.
func systemFoldersFor(project string) []string {
	return slices.DeleteFunc(slices.Clone(SystemFolders), func(folder string) bool { return within([]string{folder}, project) })
}

// locations are where a project is on this machine, and what is outside of it that never counts.
type locations struct {
	root    string
	env     []string
	system  []string
	tools   []string
	path    []string
	parents map[string]bool // folders that one of these, or the project, is in
}

func newLocations(root string, env []string) *locations {
	l := &locations{root: root, env: env, parents: map[string]bool{}}
	for _, f := range ToolFolders {
		l.tools = append(l.tools, resolved(f.paths(env))...)
	}
	l.path = resolved(filepath.SplitList(environ.Get(env, "PATH")))
	l.system = append(resolved(systemFoldersFor(root)), l.toolchain("go")...)
	for _, folder := range slices.Concat([]string{root}, l.system, l.tools, l.path) {
		for dir := filepath.Dir(folder); !l.parents[dir]; dir = filepath.Dir(dir) {
			l.parents[dir] = true
		}
	}
	return l
}

// paths returns where a folder of a tool is. One that a variable moves is not in its default place.
func (f ToolFolder) paths(env []string) (paths []string) {
	base, home := environ.Get(env, f.Variable), environ.Get(env, "HOME")
	switch {
	case f.Variable != "" && base != "":
	case filepath.IsAbs(f.Default):
		base = f.Default
	case home == "":
		return nil
	default:
		base = filepath.Join(home, f.Default)
	}
	if len(f.Below) == 0 {
		return []string{base}
	}
	for _, name := range f.Below {
		paths = append(paths, filepath.Join(base, name))
	}
	return paths
}

// toolchain returns the folder that a program of PATH is installed in, with its library: GOROOT for go.
func (l *locations) toolchain(name string) []string {
	for _, dir := range l.path {
		if program, err := filepath.EvalSymlinks(filepath.Join(dir, name)); err == nil {
			return []string{filepath.Dir(filepath.Dir(program))}
		}
	}
	return nil
}

// uncounted returns why an access never counts, or "".
func (l *locations) uncounted(a trace.Access) string {
	switch {
	case within(l.system, a.Path):
		return "the system's own file"
	case within(l.tools, a.Path):
		return "a tool's own file"
	case slices.Contains(l.path, filepath.Dir(a.Path)) || slices.Contains(l.path, a.Path):
		return "a program in PATH"
	case l.isProbe(a):
		return "a question to the file system, and to no file"
	}
	return ""
}

// isProbe reports whether a program asks for a path to learn about something else: the project in capitals,
// for whether the case of names counts; the library of Python in each folder above the program; where a shell
// was before.
func (l *locations) isProbe(a trace.Access) bool {
	switch base, dir := filepath.Base(a.Path), filepath.Dir(a.Path); a.Kind {
	case trace.Missing:
		landmark, _ := filepath.Match("python*.zip", base)
		return within([]string{strings.ToUpper(l.root)}, a.Path) || landmark && filepath.Base(dir) == "lib"
	case trace.Stat:
		return a.Path == environ.Get(l.env, "OLDPWD")
	}
	return false
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

// within reports whether a path is one of the folders or below one.
func within(folders []string, path string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool {
		return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, "/")+"/")
	})
}
