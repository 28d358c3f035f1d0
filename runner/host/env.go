package host

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/runner"
)

// env returns the environment of a step: the caller's, then what the step adds, then what davit does, which is the PATH
// with the folders of the step first.
func (r *Runner) env(s runner.Step) []string {
	env := environ.Join(r.o.Env, environ.Pairs(s.Plan.Env)...)
	path := append(r.folders(s.Plan.Path), filepath.SplitList(environ.Get(env, "PATH"))...)
	return environ.Join(env, "PATH="+strings.Join(path, string(filepath.ListSeparator)), "PWD="+r.dir(s))
}

// folders are the absolute paths of folders of the project that are there.
func (r *Runner) folders(names []string) (found []string) {
	for _, name := range names {
		full := filepath.Join(r.o.Root, filepath.FromSlash(name))
		if info, err := os.Stat(full); err == nil && info.IsDir() {
			found = append(found, full)
		}
	}
	return found
}

// lookPath finds a program: one with a slash in the project, another in the folders of a PATH. Folders that are not absolute do not
// count, since what they mean depends on where one stands.
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

// executable finds the file of a program, with one of the endings that stand for programs.
func executable(file string, ends []string) (string, bool) {
	for _, end := range ends {
		info, err := os.Stat(file + end)
		if err == nil && !info.IsDir() && (runtime.GOOS == "windows" || info.Mode()&0o111 != 0) {
			return file + end, true
		}
	}
	return "", false
}

// endings of the files of programs.
func endings(env []string) []string {
	if runtime.GOOS != "windows" {
		return []string{""}
	}
	ends := environ.Get(env, "PATHEXT")
	if ends == "" {
		ends = ".com;.exe;.bat;.cmd"
	}
	return append(filepath.SplitList(strings.ToLower(ends)), "") // a file that has its ending already
}
