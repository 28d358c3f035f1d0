package host

import (
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

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
