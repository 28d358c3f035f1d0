package host

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/runner"
)

// env returns the environment of a step: the caller's variables, then those of the step, then davit's own,
// which are PWD and the PATH with the step's folders and that of its pinned runtime in front.
func (r *Runner) env(s runner.Step) []string { return r.envWith(s, searchPath(s)) }

// envWith is env with other folders in front of PATH.
func (r *Runner) envWith(s runner.Step, folders []string) []string {
	env := environ.Join(r.caller(s), environ.Pairs(s.Plan.Env)...)
	path := r.folders(folders)
	if s.ToolDir != "" {
		path = append(path, s.ToolDir)
	}
	path = append(path, filepath.SplitList(environ.Get(env, "PATH"))...)
	return environ.Join(env, "PATH="+joinPath(path), "PWD="+r.dir(s))
}

func joinPath(dirs []string) string { return strings.Join(dirs, string(filepath.ListSeparator)) }

// folders returns the absolute paths of those folders of the project that exist.
func (r *Runner) folders(names []string) (found []string) {
	for _, name := range names {
		full := filepath.Join(r.o.Root, filepath.FromSlash(name))
		if info, err := os.Stat(full); err == nil && info.IsDir() {
			found = append(found, full)
		}
	}
	return found
}

// lookPath finds a program: a name with a slash in the project, any other in the folders of PATH. Relative
// folders are skipped, since their meaning depends on the current folder.
func (r *Runner) lookPath(name string, env []string) (string, bool) {
	ends := endings(env)
	if strings.Contains(name, "/") {
		return executable(filepath.Join(r.o.Root, filepath.FromSlash(name)), ends)
	}
	for _, dir := range filepath.SplitList(environ.Get(env, "PATH")) {
		if !filepath.IsAbs(dir) {
			continue
		}
		if full, ok := executable(filepath.Join(dir, name), ends); ok {
			return full, true
		}
	}
	return "", false
}

// executable returns the file of a program, with one of the extensions of programs.
func executable(file string, ends []string) (string, bool) {
	for _, end := range ends {
		info, err := os.Stat(file + end)
		if err == nil && !info.IsDir() && (runtime.GOOS == "windows" || info.Mode()&0o111 != 0) {
			return file + end, true
		}
	}
	return "", false
}

// endings returns the extensions of programs.
func endings(env []string) []string {
	if runtime.GOOS != "windows" {
		return []string{""}
	}
	ends := environ.Get(env, "PATHEXT")
	if ends == "" {
		ends = ".com;.exe;.bat;.cmd"
	}
	return append(filepath.SplitList(strings.ToLower(ends)), "") // the name may have its extension already
}
