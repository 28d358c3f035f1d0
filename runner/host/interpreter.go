package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// A script is a running shell step.
type script struct {
	r        *Runner
	step     runner.Step
	io       *streams
	programs sync.WaitGroup
	mu       sync.Mutex
	over     bool
}

// interpret runs the script of a step without sh.
func (r *Runner) interpret(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	file, err := parse(s)
	if err != nil {
		return failed(codeUnusable, err.Error())
	}
	if !r.hasDir(s) {
		return noDir(s)
	}
	sh := &script{r: r, step: s, io: r.streams(s, emit)}
	emit(ui.Event{Type: ui.EventStep, Status: ui.StatusRunning, Command: s.Command(),
		Interactive: sh.io.terminal})
	err = sh.run(ctx, file)
	sh.io.flush()
	if ctx.Err() != nil {
		return cancelled(ctx, s)
	}
	return sh.io.verdict(scriptEnd(err))
}

// run interprets the script, and then stops what it left in the background.
func (sh *script) run(ctx context.Context, file *syntax.File) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	stdin, err := sh.stdin()
	if err != nil {
		return err
	}
	if stdin != sh.io.stdin {
		defer stdin.Close()
	}
	in, err := interp.New(
		interp.Dir(sh.r.dir(sh.step)), interp.Env(expand.ListEnviron(sh.r.env(sh.step)...)),
		interp.Params(append([]string{"-e", "--"}, sh.step.Args...)...), interp.StdIO(stdin, sh.io.stdout, sh.io.stderr),
		interp.ExecHandlers(sh.handlers()...),
	)
	if err != nil {
		return err
	}
	err = in.Run(inner, file)
	sh.mu.Lock()
	sh.over = true
	sh.mu.Unlock()
	cancel()
	sh.programs.Wait()
	return err
}

// stdin returns the input of the script, which is empty unless it is interactive.
func (sh *script) stdin() (*os.File, error) {
	if sh.io.stdin != nil {
		return sh.io.stdin, nil
	}
	return os.Open(os.DevNull)
}

// program runs a command of the script that is not a builtin.
func (sh *script) program(ctx context.Context, argv []string) error {
	if !sh.begin() {
		return context.Canceled
	}
	defer sh.programs.Done()
	h := interp.HandlerCtx(ctx)
	path, err := interp.LookPathDir(h.Dir, h.Env, argv[0])
	if err != nil {
		fmt.Fprintf(h.Stderr, "%s: not found\n", argv[0])
		return interp.ExitStatus(codeNotFound)
	}
	stdin, _ := h.Stdin.(*os.File)
	c := command{path: path, argv: argv, dir: h.Dir, env: exported(h.Env)}
	c.stdin, c.stdout, c.stderr = stdin, h.Stdout, h.Stderr
	// A group for each program would need a foreground for each; a script that owns the terminal keeps them
	// all in davit's.
	c.joined = sh.io.terminal
	state, stopped, err := sh.r.run(ctx, c)
	switch {
	case err != nil:
		fmt.Fprintf(h.Stderr, "%s: %v\n", argv[0], rootCause(err))
		return interp.ExitStatus(codeUnusable)
	case stopped:
		return context.Cause(ctx)
	}
	if end := exitResult(state); end.Exit != 0 {
		return interp.ExitStatus(uint8(end.Exit))
	}
	return nil
}

// begin counts a program, unless the script has ended already.
func (sh *script) begin() bool {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if !sh.over {
		sh.programs.Add(1)
	}
	return !sh.over
}

func scriptEnd(err error) runner.Result {
	var status interp.ExitStatus
	switch {
	case err == nil:
		return runner.Result{Status: ui.StatusOK}
	case errors.As(err, &status):
		return failed(int(status), status.Error())
	}
	return failed(1, err.Error())
}

// exported returns the variables of the script that programs get.
func exported(env expand.Environ) (all []string) {
	for name, v := range env.Each {
		if v.Exported && v.Kind == expand.String {
			all = append(all, name+"="+v.String())
		}
	}
	return all
}
