package host

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/interp"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/runner"
)

// A middleware handles some commands of an interpreted script, and leaves the others to the next handler.
type middleware = func(next interp.ExecHandlerFunc) interp.ExecHandlerFunc

// utilityNames are the programs that the interpreter has itself on Windows, whatever is on PATH: what is there may be
// another program of the same name, such as find. Two of the same library are not among them: its xargs runs programs in
// davit's folder and not in that of the step, and its tar, which Windows has itself, does not read relative paths.
var utilityNames = []string{"base64", "cat", "chmod", "cp", "find", "gunzip", "gzcat", "gzip", "ls", "mkdir", "mktemp", "mv",
	"rm", "shasum", "touch"}

// unixNames are other programs that a script may take for granted where there is a sh.
var unixNames = []string{"awk", "basename", "cksum", "cmp", "comm", "csplit", "cut", "date", "dd", "df", "diff", "dirname", "du",
	"egrep", "env", "expand", "expr", "fgrep", "file", "fold", "grep", "head", "id", "install", "join", "less", "ln", "md5sum",
	"mkfifo", "nl", "nohup", "od", "paste", "patch", "pr", "printenv", "ps", "readlink", "realpath", "rmdir", "sed", "seq",
	"sha1sum", "sha256sum", "sleep", "sort", "split", "stat", "strings", "tac", "tail", "tar", "tee", "timeout", "tr", "tsort",
	"uname", "unexpand", "uniq", "wc", "which", "xargs", "yes"}

// otherNames are those that Windows has as another program.
var otherNames = []string{"expand", "sort", "timeout"}

// hasUtility reports whether the interpreter has a program itself.
func (r *Runner) hasUtility(name string) bool {
	return r.utilities != nil && slices.Contains(utilityNames, name)
}

// lacks reports whether a step needs a program that comes with sh, and that is not on its PATH.
func (r *Runner) lacks(s runner.Step, name string) bool {
	if !slices.Contains(unixNames, name) {
		return false
	}
	full, ok := r.lookPath(name, r.env(s))
	return !ok || slices.Contains(otherNames, name) && r.ofWindows(full)
}

// ofWindows reports whether a program is one of Windows itself.
func (r *Runner) ofWindows(full string) bool {
	system := environ.Get(r.o.Env, "SystemRoot")
	return system != "" && within(strings.ToLower(filepath.Clean(system)), strings.ToLower(full))
}

// handlers are what runs the commands of a script that are not builtins.
func (sh *script) handlers() []middleware {
	programs := func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return sh.program }
	if sh.r.utilities == nil {
		return []middleware{programs}
	}
	return []middleware{sh.utility, programs}
}

// utility runs a program that the interpreter has itself.
func (sh *script) utility(next interp.ExecHandlerFunc) interp.ExecHandlerFunc {
	utility := sh.r.utilities(next)
	return func(ctx context.Context, argv []string) error {
		if !sh.r.hasUtility(argv[0]) {
			return next(ctx, argv)
		}
		if !sh.begin() {
			return context.Canceled
		}
		defer sh.programs.Done()
		if argv[0] == "ls" {
			return ls(interp.HandlerCtx(ctx), argv[1:])
		}
		return utility(ctx, argv)
	}
}
