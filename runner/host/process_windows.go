package host

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

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
