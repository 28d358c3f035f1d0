package host

import (
	"context"
	"path/filepath"
	"runtime"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// findSh returns the path of the system's sh: the first one on the caller's PATH that is not in the project,
// else /bin/sh. Windows has it as sh.exe only, and else beside git.
func (r *Runner) findSh() (string, bool) {
	if runtime.GOOS != "windows" {
		if full, ok := r.onPath("sh", endings(r.o.Env)); ok {
			return full, true
		}
		return executable("/bin/sh", endings(r.o.Env))
	}
	if full, ok := r.onPath("sh", []string{".exe"}); ok {
		return full, true
	}
	return r.shOfGit([]string{".exe"})
}

// shOfGit returns the sh of Git for Windows, whose installer puts only the folder of git on PATH.
func (r *Runner) shOfGit(ends []string) (string, bool) {
	git, ok := r.onPath("git", ends)
	if !ok {
		return "", false
	}
	for _, above := range []string{"..", "../.."} { // git is in cmd, bin or mingw64/bin
		full, ok := executable(filepath.Join(filepath.Dir(git), above, "bin", "sh"), ends)
		if ok && !r.brings(full) {
			return full, true
		}
	}
	return "", false
}

// onPath returns the first program of a name in the absolute folders of the caller's PATH that is not in the project.
func (r *Runner) onPath(name string, ends []string) (string, bool) {
	for _, dir := range filepath.SplitList(environ.Get(r.o.Env, "PATH")) {
		if full, ok := executable(filepath.Join(dir, name), ends); ok && filepath.IsAbs(dir) &&
			!r.brings(full) {
			return full, true
		}
	}
	return "", false
}

// inProject reports whether a file is in the project, itself or by what it is a link to.
func (r *Runner) inProject(file string) bool {
	return within(r.o.Root, file) || within(resolved(r.o.Root), resolved(file))
}

// resolved returns a path without symbolic links, or the path itself if that is not possible.
func resolved(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// within reports whether a path is in a folder, by their texts.
func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// shell runs the script of a step: by sh or, where there is none, by the interpreter.
func (r *Runner) shell(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	sh, ok := r.sh()
	if !ok {
		return r.interpret(ctx, s, emit)
	}
	return r.process(ctx, s, emit, command{path: sh, argv: s.ShellArgv(), env: r.env(s), ends: true})
}

// accepts reports whether sh accepts the syntax of a script. What it reads only when it runs the script, so
// after an exit or an alias, is accepted too.
func (r *Runner) accepts(ctx context.Context, sh string, s runner.Step) bool {
	if len(s.Plan.Script) > runner.MaxArgument || changesReading(s.Plan.Script) {
		return true
	}
	argv := s.ShellArgv()
	argv[1] = "-nc"
	_, code, err := r.output(ctx, command{path: sh, argv: argv, dir: neutral(), env: r.withoutCode(r.o.Env)})
	return err != nil || code == 0
}

// changesReading reports whether a script has a command after which sh may read it in another way, or no more
// of it.
func changesReading(script string) bool { return changers().MatchString(script) }

var changers = lazyRegexp(
	`\b(?:exit|exec|return|alias|shopt|eval|source)\b|(?m)(?:^|[;&|({]|\b(?:then|do|else)\b)[ \t]*\.[ \t]`)
