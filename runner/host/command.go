package host

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/davit-dev/davit/internal/fault"
)

// A command is a process to run.
type command struct {
	path           string
	argv           []string
	dir            string
	env            []string
	stdin          *os.File // nil is empty
	stdout, stderr io.Writer
	// terminal is what the process is to be in the foreground of; nil is nothing.
	terminal *os.File
	// wrap changes the process before it is started; nil changes nothing.
	wrap func(*exec.Cmd)
	// joined puts the process in this process's own group, for scripts that share a terminal.
	joined bool
	// ends terminates what the process leaves in its group when it ends by itself.
	ends bool
	// left is told the programs that are terminated so; they have a moment to end. If it is nil, they have none.
	left func(programs []string)
}

// run starts a process and waits for its end. When ctx ends it stops the process, with all that it started,
// and returns stopped. An error is one of starting.
func (r *Runner) run(ctx context.Context, c command) (state *os.ProcessState, stopped bool, err error) {
	if ctx.Err() != nil {
		return nil, true, nil
	}
	out, err := newPipes(c.stdout, c.stderr)
	if err != nil {
		return nil, false, err
	}
	cmd, g, err := r.startGroup(c, out)
	out.started()
	if err != nil {
		out.finish()
		return nil, false, err
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // cmd.ProcessState has the result
		close(ended)
	}()
	if c.terminal != nil {
		go suspend(c.terminal, cmd.Process.Pid)
	}
	select {
	case <-ended:
		if c.ends {
			r.stopRest(g, c.left)
		}
	case <-ctx.Done():
		stopped = true
		r.stop(g, fault.StopOf(ctx).Category(), ended)
		<-ended
	}
	r.groups.leave(g)
	if c.terminal != nil {
		reclaimTerminal(c.terminal)
	}
	out.finish()
	return cmd.ProcessState, stopped, nil
}

// startGroup starts a process and enters its group.
func (r *Runner) startGroup(c command, out *pipes) (cmd *exec.Cmd, g *group, err error) {
	g, err = r.groups.start(func() (pid int, err error) {
		if cmd, err = r.start(c, out); err != nil {
			return 0, err
		}
		return cmd.Process.Pid, nil
	}, c.joined)
	return cmd, g, err
}

// start starts a process. A file that the system cannot execute is run as a script by sh, as a shell would.
func (r *Runner) start(c command, out *pipes) (*exec.Cmd, error) {
	var err error
	for wait := time.Millisecond; wait < 300*time.Millisecond; wait *= 2 {
		cmd := &exec.Cmd{Path: c.path, Args: arguments(c), Dir: c.dir, Env: c.env, Stdout: out.stdout(),
			Stderr: out.stderr()}
		if c.stdin != nil {
			cmd.Stdin = c.stdin
		}
		cmd.SysProcAttr = attributes(c)
		if c.wrap != nil {
			c.wrap(cmd)
		}
		if err = cmd.Start(); err == nil {
			return cmd, nil
		}
		switch sh, ok := r.sh(); {
		case busy(err):
			// Another goroutine, between its fork and its exec, still has a file open that was just written.
			time.Sleep(wait)
		case notExecutable(err) && ok && c.path != sh:
			c.argv = append([]string{"sh", c.path}, c.argv[1:]...)
			c.path = sh
		default:
			return nil, err
		}
	}
	return nil, err
}

// rootCause returns the innermost error.
func rootCause(err error) error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}
