//go:build amd64 || arm64

package trace

import (
	"errors"

	"golang.org/x/sys/unix"
)

// A tracer follows a command and all that it starts.
type tracer struct {
	root    int // the process of the command
	record  *recorder
	pending map[int]*call // the call that each stopped or blocked thread is in
}

func newTracer(root int) *tracer {
	return &tracer{root: root, record: newRecorder(), pending: map[int]*call{}}
}

// run answers every stop of every thread until the command has ended.
func (t *tracer) run() unix.WaitStatus {
	for {
		var status unix.WaitStatus
		thread, err := unix.Wait4(-1, &status, unix.WALL, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return unix.WaitStatus(codeUnusable << 8) // cannot be: the root has not ended
		case status.Exited() || status.Signaled():
			delete(t.pending, thread)
			if thread == t.root {
				return status
			}
		case status.Stopped():
			t.stopped(thread, status)
		}
	}
}

// stopped handles the stop of a thread and lets it go on. A thread that was killed meanwhile fails every
// call, and its end is reported next.
func (t *tracer) stopped(thread int, status unix.WaitStatus) {
	s, event := status.StopSignal(), int(status)>>16
	switch {
	case event == unix.PTRACE_EVENT_SECCOMP:
		t.enter(thread)
		_ = unix.PtraceSyscall(thread, 0) // to its end
		return
	case event == unix.PTRACE_EVENT_EXEC:
		t.executed(thread)
	case event == unix.PTRACE_EVENT_STOP && s != unix.SIGTRAP:
		_ = ptrace(unix.PTRACE_LISTEN, thread, 0, 0) // it stays stopped, as by Ctrl-Z
		return
	case event == 0 && s == unix.SIGTRAP|0x80:
		t.leave(thread)
	case event == 0:
		_ = unix.PtraceCont(thread, int(s)) // a signal, which it gets
		return
	}
	_ = unix.PtraceCont(thread, 0)
}

// enter notes the call that a thread begins, while what it names is as the call will find it.
func (t *tracer) enter(thread int) {
	info, err := syscallInfo(thread)
	if err != nil || info.op != unix.PTRACE_SYSCALL_INFO_SECCOMP {
		return
	}
	if f, known := forms()[info.arch][uint32(info.number)]; known {
		t.pending[thread] = decode(thread, f, info)
	}
}

// leave records the call that a thread has ended.
func (t *tracer) leave(thread int) {
	c := t.pending[thread]
	delete(t.pending, thread)
	if info, err := syscallInfo(thread); c != nil && err == nil && info.op == unix.PTRACE_SYSCALL_INFO_EXIT {
		c.record(t.record, info.errno())
	}
}

// executed records that a process runs another program. The thread that called has its process's id from now
// on.
func (t *tracer) executed(thread int) {
	former, err := unix.PtraceGetEventMsg(thread)
	if err != nil {
		return
	}
	c := t.pending[int(former)]
	delete(t.pending, int(former))
	if c == nil { // the command itself: the tracer's own start is not of interest
		c = &call{thread: thread, program: program(thread)}
	}
	c.executed(t.record, thread)
}
