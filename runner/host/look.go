package host

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"

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
	return environ.Join(environ.Join(p.variables, caller...), own...)
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
