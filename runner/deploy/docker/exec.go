package docker

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/docker/cli/cli"
	docker "github.com/docker/cli/cli/command/container"
	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy"
)

// stopTimeout is how long a command may take to end after Ctrl-C.
const stopTimeout = 10 * time.Second

// Exec runs a command in a container of a service, and returns its exit code. An engine cannot stop such a
// command, so on Ctrl-C a second command sends it a signal, and finds it by a variable in its environment. On
// a terminal Ctrl-C is a byte like any other.
func (b *Backend) Exec(ctx context.Context, o deploy.ExecOptions) (int, error) {
	c, err := b.runningContainer(ctx, o.Service, o.Index)
	if err != nil {
		return 0, err
	}
	streams, err := newCLI(b.engine, o.In, o.Out, o.Err)
	if err != nil {
		return 0, err
	}
	e := docker.NewExecOptions()
	e.Interactive, e.TTY, e.User, e.Workdir, e.Command = true, o.Terminal, o.User, o.Dir, o.Command
	mark := "DAVIT_EXEC=" + rand.Text()
	for _, pair := range append(slices.Clone(o.Env), mark) {
		if err := e.Env.Set(pair); err != nil {
			return 0, fault.Preconditionf("--env NAME=value", "%q is not a variable: %v", pair, err)
		}
	}
	going, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	defer context.AfterFunc(ctx, func() { b.stop(going, end, c.ID, mark, fault.StopOf(ctx), o) })()
	return exited(docker.RunExec(going, streams, c.ID, e))
}

// exited returns the exit code of a command, or why it could not be run.
func exited(err error) (int, error) {
	if status, ok := errors.AsType[cli.StatusError](err); ok && status.StatusCode >= 0 {
		return status.StatusCode, nil
	}
	return 0, err
}

// runningContainer returns a running container of a service.
func (b *Backend) runningContainer(
	ctx context.Context, service string, index int,
) (container.Summary, error) {
	all, err := b.containers(ctx)
	if err != nil {
		return container.Summary{}, err
	}
	slices.SortFunc(all, func(a, b container.Summary) int { return cmp.Compare(a.Names[0], b.Names[0]) })
	for _, c := range all {
		number := c.Labels[api.ContainerNumberLabel]
		if c.Labels[api.ServiceLabel] == service && c.State == container.StateRunning &&
			(index == 0 || number == strconv.Itoa(index)) {
			return c, nil
		}
	}
	what := "container"
	if index != 0 {
		what = fmt.Sprintf("container %d", index)
	}
	return container.Summary{}, fault.Preconditionf(
		"davit status "+b.Environment.Name+" shows what there is",
		"no %s of service %q runs in environment %q", what, service, b.Environment.Name)
}

// stopSignals are the signals that ask a command to end, by what ended davit.
var stopSignals = map[fault.Category]string{fault.Terminated: "TERM", fault.HungUp: "HUP"}

// stop asks a command to end, by the signal that davit got, or else as Ctrl-C does. It kills the command when
// that takes too long, or at a second signal.
func (b *Backend) stop(
	going context.Context, end func(), id, mark string, why *fault.StopError, o deploy.ExecOptions,
) {
	defer end()
	ask := cmp.Or(stopSignals[why.Category()], "INT")
	if b.signal(going, id, mark, o.User, ask) != nil {
		return
	}
	select {
	case <-going.Done():
		return
	case <-o.Kill:
	case <-time.After(stopTimeout):
	}
	if b.signal(going, id, mark, o.User, "KILL") == nil {
		_ = pause(going, time.Second) // it is about to end
	}
}

// signalScript sends a signal to the processes that have a variable.
const signalScript = `for p in /proc/[0-9]*; do if grep -q "$1" "$p/environ" 2>/dev/null; then kill "-$2" "${p#/proc/}"; fi; done`

// signal runs the script in the container; its image needs a shell.
func (b *Backend) signal(ctx context.Context, id, mark, user, what string) error {
	e, err := b.engine.ExecCreate(ctx, id, client.ExecCreateOptions{
		User: user, AttachStdout: true, Cmd: []string{"sh", "-c", signalScript, "sh", mark, what},
	})
	if err != nil {
		return err
	}
	r, err := b.engine.ExecAttach(ctx, e.ID, client.ExecAttachOptions{})
	if err != nil {
		return err
	}
	defer r.Close()
	if _, err := io.Copy(io.Discard, r.Reader); err != nil {
		return err
	}
	ended, err := b.engine.ExecInspect(ctx, e.ID, client.ExecInspectOptions{})
	if err == nil && ended.ExitCode >= 126 {
		err = errors.New("there is no shell")
	}
	return err
}
