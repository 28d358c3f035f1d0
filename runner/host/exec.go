package host

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// exec runs the argv of a step.
func (r *Runner) exec(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	argv, env := s.Argv(), r.env(s)
	path, ok := r.lookPath(argv[0], env)
	if !ok {
		return r.notFound(s, argv[0])
	}
	return r.process(ctx, s, emit, command{path: path, argv: argv, env: env})
}

// process runs a process as a step, with its folder and its streams.
func (r *Runner) process(
	ctx context.Context, s runner.Step, emit func(ui.Event), c command,
) runner.Result {
	if !r.hasDir(s) {
		return noDir(s)
	}
	io := r.streams(s, emit)
	emit(ui.Event{Type: ui.EventStep, Status: ui.StatusRunning, Command: s.Command(),
		Interactive: io.terminal})
	c.dir, c.stdin, c.stdout, c.stderr = r.dir(s), io.stdin, io.stdout, io.stderr
	if s.Effect == runner.Reads && !c.ends {
		c.ends, c.left = true, func(programs []string) { warnLeft(s, programs, emit) }
	}
	if r.o.Wrap != nil {
		c.wrap = func(cmd *exec.Cmd) { r.o.Wrap(s, cmd) }
	}
	if io.terminal && inForeground(io.stdin) {
		c.terminal = io.stdin
	}
	state, stopped, err := r.run(ctx, c)
	io.flush()
	switch {
	case err != nil:
		return failed(codeUnusable, fmt.Sprintf("%q cannot be run: %v", c.argv[0], rootCause(err)))
	case stopped:
		return cancelled(ctx, s)
	}
	return io.verdict(exitResult(state))
}

// warnLeft warns of programs that a check has left running, and that are terminated: nothing may write behind its verdict.
func warnLeft(s runner.Step, programs []string, emit func(ui.Event)) {
	text := "what it left running in the background was terminated, and no part of the verdict"
	if len(programs) > 0 {
		text += ": " + strings.Join(programs, ", ")
	}
	emit(ui.Event{Type: ui.EventWarning, Step: s.ID, Text: text})
}

func (r *Runner) hasDir(s runner.Step) bool {
	info, err := os.Stat(r.dir(s))
	return err == nil && info.IsDir()
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

func noDir(s runner.Step) runner.Result {
	return failed(codeUnusable, fmt.Sprintf("there is no folder %q to run in", s.Plan.Dir))
}

func (r *Runner) notFound(s runner.Step, name string) runner.Result {
	result := failed(codeNotFound, fmt.Sprintf("%q is not found", name))
	if strings.Contains(name, "/") && isFile(filepath.Join(r.o.Root, filepath.FromSlash(name))) {
		result = failed(codeUnusable, fmt.Sprintf("%q is not executable: chmod +x lets it be run", name))
	}
	if s.Tool != nil {
		result.Hint = s.Tool.Install
	}
	return result
}
