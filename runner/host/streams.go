package host

import (
	"io"
	"os"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// streams are the streams of a step.
type streams struct {
	stdin          *os.File
	stdout, stderr io.Writer
	terminal       bool // they are the caller's terminal
	events         []*stream
}

func (r *Runner) streams(s runner.Step, emit func(ui.Event)) *streams {
	out, err := &stream{name: "stdout", emit: emit}, &stream{name: "stderr", emit: emit}
	io := &streams{stdout: out, stderr: err, events: []*stream{out, err}}
	if !s.Plan.Interactive {
		return io
	}
	io.stdin = r.o.Stdin
	if isTerminal(r.o.Stdout) {
		io.stdout, io.terminal = r.o.Stdout, true
		if r.o.Stderr != nil {
			io.stderr = r.o.Stderr
		}
	}
	return io
}

func (io *streams) flush() {
	for _, s := range io.events {
		s.flush()
	}
}

// verdict returns a result as cancelled if Ctrl-C, or the end of the terminal, ended the step: a terminal
// sends both to the step and not to davit.
func (io *streams) verdict(r runner.Result) runner.Result {
	if why, ok := runner.EndedByTerminal(r.Exit); ok && io.terminal {
		return runner.Result{Status: ui.StatusCancelled, Exit: r.Exit, Reason: fault.NewStop(why).Error()}
	}
	return r
}
