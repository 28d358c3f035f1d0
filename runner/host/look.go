package host

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/runner"
)

// A look at a tool runs nothing that the repository brings. The program is found as its step will find it; one that is
// in the repository is not asked, and what its environment has a record of is taken instead. Any other program is asked
// in the environment of outside.

// outside returns the environment in which programs are asked for their versions: that of the caller, without the
// folders of the repository in PATH and without anything that a plan sets, in a folder in which neither a program nor a
// version manager finds a file of the project. What the files of the project pin comes as variables.
func (r *Runner) outside(s runner.Step, p pins) []string {
	caller := r.caller(s)
	dirs := slices.DeleteFunc(callersPath(caller), r.bringsFolder)
	own := append(slices.Clone(withoutInstalls), "PATH="+joinPath(dirs), "PWD="+neutral())
	return environ.Join(environ.Join(p.variables, r.withoutCode(caller)...), own...)
}

// startupFiles are the variables by which a shell runs a file before its script. Tools are often scripts.
var startupFiles = []string{"BASH_ENV", "ENV"}

// codePaths are the variables that name code which programs load.
var codePaths = []string{"CARGO_BUILD_RUSTC_WRAPPER", "DYLD_INSERT_LIBRARIES", "DYLD_LIBRARY_PATH", "GEM_HOME", "GEM_PATH",
	"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "LD_AUDIT", "LD_LIBRARY_PATH", "LD_PRELOAD", "NODE_OPTIONS", "NODE_PATH",
	"NPM_CONFIG_USERCONFIG", "PERL5LIB", "PERL5OPT", "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "RUBYLIB", "RUBYOPT",
	"RUSTC", "RUSTC_WORKSPACE_WRAPPER", "RUSTC_WRAPPER", "npm_config_node_options", "npm_config_userconfig"}

// withoutCode returns variables without those by which a program would run what the repository brings.
func (r *Runner) withoutCode(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(variable string) bool {
		name, value, _ := strings.Cut(variable, "=")
		return slices.Contains(startupFiles, name) || slices.Contains(codePaths, name) && r.namesBrought(value)
	})
}

// namesBrought reports whether a value, a list or some options, names a file that the repository brings. A relative
// path leads nowhere in the neutral folder.
func (r *Runner) namesBrought(value string) bool {
	parts := strings.FieldsFunc(value, func(c rune) bool { return strings.ContainsRune(" ,=\"'", c) || c == os.PathListSeparator })
	return slices.ContainsFunc(parts, func(part string) bool {
		i := strings.IndexByte(part, '/')
		return filepath.IsAbs(part) && r.brings(part) || i > 0 && r.brings(part[i:])
	})
}

// caller returns the variables of the caller that a step gets.
func (r *Runner) caller(s runner.Step) []string {
	if r.o.Strict {
		return runner.Strict(r.o.Env, s)
	}
	return r.o.Env
}

// callersPath returns the absolute folders of a PATH. The meaning of others depends on the current folder.
func callersPath(env []string) []string {
	return slices.DeleteFunc(filepath.SplitList(environ.Get(env, "PATH")),
		func(dir string) bool { return !filepath.IsAbs(dir) })
}

// brings reports whether the repository brings a file: it is in its work tree, or a link into it.
func (r *Runner) brings(file string) bool { return tree.Brings(r.workTree(), file) }

// bringsFolder is brings for a folder of PATH, which is looked at once.
func (r *Runner) bringsFolder(dir string) bool {
	brought, known := r.brought.Load(dir)
	if !known {
		brought, _ = r.brought.LoadOrStore(dir, r.brings(dir))
	}
	return brought.(bool)
}

// neutral is a folder of the system, in which nobody but its administrator writes.
func neutral() string {
	if runtime.GOOS != "windows" {
		return "/"
	}
	if system := os.Getenv("SystemRoot"); filepath.IsAbs(system) {
		return system
	}
	return filepath.VolumeName(os.TempDir()) + `\`
}

// find returns the program of a name as a step finds it, whatever the step's own variables say of PATH: in the folders
// of the project, that of its runtime, and those of the caller's PATH.
func (r *Runner) find(s runner.Step, name string) (full string, ok bool) {
	env := r.caller(s)
	dirs := r.folders(searchPath(s))
	if s.ToolDir != "" {
		dirs = append(dirs, s.ToolDir)
	}
	return r.lookPath(name, environ.Join(env, "PATH="+joinPath(append(dirs, callersPath(env)...))))
}
