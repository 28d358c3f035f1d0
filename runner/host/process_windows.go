package host

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/davit-dev/davit/internal/fault"
)

// A birth is when a process was started. A process id and a birth tell a process from an earlier one of that id.
type birth time.Time

func adoptOrphans()     {}
func birthOf(int) birth { return birth(time.Now()) }

func attributes(c command) *syscall.SysProcAttr {
	if c.joined || c.terminal != nil {
		return nil
	}
	return &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

// arguments returns the arguments of a process. Windows has cmd read the command line of a batch file, which takes a
// slash in its name for an option, and looks for the name again.
func arguments(c command) []string {
	if end := strings.ToLower(filepath.Ext(c.path)); end == ".cmd" || end == ".bat" {
		return append([]string{c.path}, c.argv[1:]...)
	}
	return c.argv
}

func busy(error) bool          { return false }
func notExecutable(error) bool { return false }

func signalOf(*os.ProcessState) (string, int) { return "", 0 }

func isTerminal(f *os.File) bool {
	var mode uint32
	return f != nil && windows.GetConsoleMode(windows.Handle(f.Fd()), &mode) == nil
}

// A console has no foreground: every process that is attached to it reads from it.
func inForeground(*os.File) bool { return false }
func reclaimTerminal(*os.File)   {}

// stopRest does nothing: nothing names what a process that has ended has started.
func (r *Runner) stopRest(*group, func([]string)) {}

// stop asks a process to end as Ctrl-Break does, which is the one request that reaches another group, and
// kills its tree after the time of grace.
func (r *Runner) stop(g *group, _ fault.Category, ended <-chan struct{}) {
	r.groups.markEnding(g)
	// fails without a console
	_ = windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(g.leader))
	select {
	case <-ended:
	case <-time.After(r.o.Grace):
	case <-r.o.Kill:
	}
	for range 200 { // what is not dead yet may have started another
		tree := treeOf(g)
		for _, pid := range tree {
			terminate(pid)
		}
		if len(tree) == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// treeOf returns the processes of a group that run: its leader, what that has started, what these have started, and so on.
// One whose parent had ended before davit looked is found only if the parent is the leader.
func treeOf(g *group) (tree []uint32) {
	all := processes()
	leader := uint32(g.leader)
	known := map[uint32]bool{leader: true}
	for grown := true; grown; {
		grown = false
		for pid, parent := range all {
			if known[parent] && !known[pid] && startedAfter(pid, time.Time(g.birth)) {
				known[pid], grown = true, true
			}
		}
	}
	for pid := range known {
		if _, runs := all[pid]; runs && (pid != leader || startedAfter(pid, time.Time(g.birth))) {
			tree = append(tree, pid)
		}
	}
	return tree
}

// processes returns the parents of all processes, by process id.
func processes() map[uint32]uint32 {
	all := map[uint32]uint32{}
	snapshot, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return all
	}
	defer windows.CloseHandle(snapshot)
	entry := windows.ProcessEntry32{}
	entry.Size = uint32(unsafe.Sizeof(entry))
	for err = windows.Process32First(snapshot, &entry); err == nil; err = windows.Process32Next(snapshot, &entry) {
		all[entry.ProcessID] = entry.ParentProcessID
	}
	return all
}

// startTolerance is how much earlier than davit's note of its start a process may have been started.
const startTolerance = 2 * time.Second

// startedAfter reports whether a process runs and is not older than a group.
func startedAfter(pid uint32, at time.Time) bool {
	p, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, pid)
	if err != nil {
		return false
	}
	defer windows.CloseHandle(p)
	var code uint32
	if windows.GetExitCodeProcess(p, &code) == nil && code != stillActive {
		return false
	}
	var created, exited, kernel, user windows.Filetime
	if err := windows.GetProcessTimes(p, &created, &exited, &kernel, &user); err != nil {
		return false
	}
	return !time.Unix(0, created.Nanoseconds()).Before(at.Add(-startTolerance))
}

// stillActive is the exit code of a process that runs (STILL_ACTIVE of the Windows API).
const stillActive = 259

func terminate(pid uint32) {
	p, err := windows.OpenProcess(windows.PROCESS_TERMINATE, false, pid)
	if err != nil {
		return // it has ended
	}
	defer windows.CloseHandle(p)
	_ = windows.TerminateProcess(p, 1)
}
