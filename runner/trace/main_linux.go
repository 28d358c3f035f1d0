//go:build amd64 || arm64

package trace

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Supported returns an error on a system that cannot trace.
func Supported() error { return nil }

// Exit codes of a shell for a command that cannot be run or traced.
const (
	codeUnusable = 126
	codeNotFound = 127
)

// Main does the work of a process that a wrapped command started, and returns its exit code. It reports false
// for the arguments, without the name of the program, of any other process.
func Main(args []string) (code int, is bool) {
	switch {
	case len(args) > 3 && args[0] == tracerWord:
		return traceCommand(args[1], args[2], args[3:]), true
	case len(args) > 2 && args[0] == startedWord:
		return become(args[1], args[2:]), true
	}
	return 0, false
}

// traceCommand starts a command, traces it until it ends, and ends as it did.
func traceCommand(file, path string, argv []string) int {
	runtime.LockOSThread() // all calls of ptrace have to come from one thread
	outliveSignals()
	root, thread, release, err := start(path, argv)
	if err == nil {
		err = seize(thread)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "it cannot be traced: %v; tracing needs ptrace, which this system may forbid "+
			"(kernel.yama.ptrace_scope, the profile of a container)\n", err)
		return codeUnusable
	}
	release()
	t := newTracer(root)
	status := t.run()
	if err := save(file, t.record.trace()); err != nil {
		fmt.Fprintf(os.Stderr, "its trace cannot be written: %v\n", err)
	}
	return end(status)
}

// outliveSignals keeps signals that are for the command from ending its tracer. They are caught, since an
// ignored one would be ignored by the command too.
func outliveSignals() {
	caught := make(chan os.Signal, 1)
	for _, s := range []os.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT, unix.SIGPIPE} {
		if !signal.Ignored(s) {
			signal.Notify(caught, s)
		}
	}
}

// start starts the process that will become the command. It waits to be seized until release is called.
func start(path string, argv []string) (root, thread int, release func(), err error) {
	ready, readyEnd, err := os.Pipe()
	if err != nil {
		return 0, 0, nil, err
	}
	goEnd, gone, err := os.Pipe()
	if err != nil {
		return 0, 0, nil, err
	}
	cmd := exec.Cmd{Path: "/proc/self/exe", Args: append([]string{os.Args[0], startedWord, path}, argv...),
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, ExtraFiles: []*os.File{readyEnd, goEnd}}
	if err := cmd.Start(); err != nil {
		return 0, 0, nil, err
	}
	readyEnd.Close()
	goEnd.Close()
	var id uint32
	if err := binary.Read(ready, binary.NativeEndian, &id); err != nil {
		return 0, 0, nil, err
	}
	ready.Close()
	return cmd.Process.Pid, int(id), func() { gone.Close() }, nil
}

// become replaces this process by the command. It tells the tracer its thread on descriptor 3, and waits for
// the end of descriptor 4.
func become(path string, argv []string) int {
	runtime.LockOSThread()
	ready, goEnd := os.NewFile(3, "ready"), os.NewFile(4, "go")
	_ = binary.Write(ready, binary.NativeEndian, uint32(unix.Gettid())) // then the tracer is gone
	ready.Close()
	_, _ = goEnd.Read(make([]byte, 1))
	goEnd.Close()
	sh, noShell := exec.LookPath("sh")
	if err := filter(); err != nil {
		fmt.Fprintf(os.Stderr, "it cannot be traced: no seccomp filter: %v\n", err)
		return codeUnusable
	}
	err := execute(path, argv)
	if errors.Is(err, unix.ENOEXEC) && noShell == nil {
		err = syscall.Exec(sh, append([]string{"sh", path}, argv[1:]...), os.Environ())
	}
	fmt.Fprintf(os.Stderr, "%q cannot be run: %v\n", path, err)
	if errors.Is(err, unix.ENOENT) {
		return codeNotFound
	}
	return codeUnusable
}

// execute replaces this process by a program. It waits a little for one that another process still has open,
// since it was just written.
func execute(path string, argv []string) (err error) {
	for wait := time.Millisecond; wait < 300*time.Millisecond; wait *= 2 {
		if err = syscall.Exec(path, argv, os.Environ()); !errors.Is(err, unix.ETXTBSY) {
			return err
		}
		time.Sleep(wait)
	}
	return err
}

// options make the kernel report all that the tracer follows: new processes and threads, new programs, calls
// that the filter names. A tracer that dies takes its command with it.
const options = unix.PTRACE_O_TRACEFORK | unix.PTRACE_O_TRACEVFORK | unix.PTRACE_O_TRACECLONE |
	unix.PTRACE_O_TRACEEXEC | unix.PTRACE_O_TRACESECCOMP | unix.PTRACE_O_TRACESYSGOOD |
	unix.PTRACE_O_EXITKILL

func seize(thread int) error { return ptrace(unix.PTRACE_SEIZE, thread, 0, options) }

// ptrace makes the calls that unix has no function for.
func ptrace(request, pid int, addr, data uintptr) error {
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, uintptr(request), uintptr(pid), addr, data, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

func save(file string, t Trace) error {
	data, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o600)
}

// end returns the exit code of a status; for a command that a signal killed it dies of the same one.
func end(status unix.WaitStatus) int {
	if !status.Signaled() {
		return status.ExitStatus()
	}
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	s := status.Signal()
	var fallback [4]uint64 // a struct sigaction of zeros
	_, _, _ = unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(s), uintptr(unsafe.Pointer(&fallback)), 0, 8, 0,
		0)
	_ = unix.Kill(unix.Getpid(), s)
	select {}
}
