// Package trace runs a command under the eye of the kernel and says which files it, and all that it starts,
// looked at and changed: files read, programs executed, folders listed, links followed, failed look-ups,
// everything written.
//
// A command is traced with ptrace. A seccomp filter stops a process only at calls that name a file or list a
// folder, so that reading, computing and waiting cost nothing. Tracing belongs to a process of its own, which
// is this program again: it would otherwise take the place of whoever waits for other children here. It has
// the streams, the process group and the exit status of the command, so that signals and pipes work as
// without it.
//
// Not seen are: what a kernel, a server or a container does on behalf of a command; file handles
// (open_by_handle_at); other roots and mount namespaces. The last two are reported as notes. io_uring is off
// for a traced command, as in most containers, so that it falls back on calls that are seen. A command that
// itself traces (a debugger, a leak checker) fails. What a command leaves in the background is killed when it
// ends. Only Linux on amd64 and arm64 can trace; 32-bit programs of amd64 are seen too.
package trace

import (
	"encoding/json"
	"os"
	"os/exec"

	"github.com/davit-dev/davit/internal/fault"
)

// A Kind is what a command did with a path.
type Kind string

// The kinds of access. Those from Write on change something.
const (
	Read    Kind = "read"
	Exec    Kind = "exec"
	Stat    Kind = "stat"    // its existence or its properties
	Missing Kind = "missing" // a look-up that found nothing
	List    Kind = "list"    // the names in a folder
	Link    Kind = "link"    // the target of a symbolic link
	Write   Kind = "write"
	Create  Kind = "create" // also the new name of a rename
	Remove  Kind = "remove" // also the old name of a rename
	Change  Kind = "change" // mode, owner, times, size or attributes
)

// Changes reports whether an access of the kind changes something.
func (k Kind) Changes() bool { return k == Write || k == Create || k == Remove || k == Change }

// An Access is one thing that a command did with a path. Path is absolute and has no symbolic link in it,
// save the last part of what a Link is about: a link on the way is an Access of its own.
type Access struct {
	Path    string `json:"path"`
	Kind    Kind   `json:"kind"`
	Program string `json:"program"` // the name of the file of the program that did it first
}

// A Trace is what a command did. What it made itself and read later is not among the accesses, and neither is
// a file that it made and removed.
type Trace struct {
	Accesses []Access `json:"accesses"`
	// Gaps are sentences about what could not be seen.
	Gaps []string `json:"gaps,omitempty"`
}

// The first arguments of this program when it traces, and when it is about to become the traced command.
const (
	tracerWord  = "__trace"
	startedWord = "__traced"
)

// Wrap changes a command that has not been started: it will be traced, and its Trace written to file when it
// has ended. Name is the name that this program was called by; a main that is called by it has to call Main.
// A file that the system cannot execute is run as a script by sh.
func Wrap(cmd *exec.Cmd, name, file string) {
	cmd.Args = append([]string{name, tracerWord, file, cmd.Path}, cmd.Args...)
	cmd.Path = "/proc/self/exe"
}

// ReadFile reads the Trace of a wrapped command that has ended. A command whose tracer was killed has none.
func ReadFile(file string) (t Trace, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return t, &fault.Error{Reason: "its tracer was killed, so nothing is known of it", Code: fault.Failed}
	}
	return t, json.Unmarshal(data, &t)
}
