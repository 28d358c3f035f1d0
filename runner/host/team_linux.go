package host

import (
	"bytes"
	"os"
	"strconv"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// birth is when a process was started, in ticks since the system was. With the id it is a name for good.
type birth uint64

// adopt makes this process the parent of every orphan below it, in the place of init, so that none is out of sight.
var adopt = sync.OnceFunc(func() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) })

func birthOf(pid int) birth {
	p, _ := readProcess(pid)
	return p.birth
}

// processTree is a group and whatever came out of it, by process id.
type processTree struct {
	*group
	others  map[int]bool // leaders of other groups
	all     bool         // no other group stays: every orphan may be taken for one of this one
	members map[int]birth
	heard   map[int]string // the command lines of members when they were interrupted
	told    map[int]bool   // members that were asked to terminate
}

func newTeam(g *group, others map[int]bool, all bool) *processTree {
	t := &processTree{group: g, others: others, all: all, members: map[int]birth{}, heard: map[int]string{}, told: map[int]bool{}}
	if !g.joined {
		t.hear()
	}
	return t
}

// hear notes who is there to be interrupted, and returns who was not there before, or was another program: a shell's child loses
// what it hears before it becomes the command that it was started for.
func (t *processTree) hear() (fresh []process) {
	for _, p := range t.count() {
		line := commandLine(p.pid)
		if before, heard := t.heard[p.pid]; !heard || before != line {
			t.heard[p.pid] = line
			fresh = append(fresh, p)
		}
	}
	return fresh
}

// commandLine is what a process was last executed with; empty for one that has ended.
func commandLine(pid int) string {
	data, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
	return string(data)
}

// process is what /proc tells of one.
type process struct {
	pid, parent, group, session int
	state                       byte
	birth                       birth
}

// count looks at all processes for members: the group, whatever its members started, and the orphans of both.
func (t *processTree) count() (alive []process) {
	all := processes()
	if t.birth != 0 && t.leads(all) {
		t.members[t.leader] = t.birth
	}
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if _, known := t.members[p.pid]; !known && t.claims(p) {
				t.members[p.pid], grown = p.birth, true
			}
		}
	}
	for _, p := range all {
		if born, known := t.members[p.pid]; known && born == p.birth {
			alive = append(alive, p)
		}
	}
	return alive
}

func (t *processTree) leads(all []process) bool {
	for _, p := range all {
		if p.pid == t.leader && p.birth == t.birth {
			return true
		}
	}
	return false
}

func (t *processTree) claims(p process) bool {
	self := os.Getpid()
	if p.pid == self || t.others[p.pid] || p.birth < t.birth {
		return false
	}
	_, child := t.members[p.parent]
	orphan := p.parent == self && p.group != unix.Getpgrp() && !t.others[p.group] && t.all
	return child || orphan || !t.joined && p.group == t.leader
}

// left tells whether anybody lives. The dead among the adopted are buried.
func (t *processTree) left() bool {
	alive := false
	for _, p := range t.count() {
		if p.state != 'Z' && p.state != 'X' {
			alive = true
		} else if p.parent == os.Getpid() && p.pid != t.leader {
			_, _ = unix.Wait4(p.pid, nil, unix.WNOHANG, nil)
		}
	}
	return alive
}

func (t *processTree) signal(s syscall.Signal) {
	for _, p := range t.count() {
		_ = unix.Kill(p.pid, s) // it may have ended
	}
}

// interrupt does what Ctrl-C in a shell does: the group hears of it, and nobody else. One that shares this process's group most
// likely has heard it from the terminal already; see remind.
func (t *processTree) interrupt() {
	if !t.joined {
		_ = unix.Kill(-t.leader, unix.SIGINT)
	}
}

// remind interrupts those of the group that were started since: a shell that was interrupted just before it started a command
// waits for that first.
func (t *processTree) remind() {
	for _, p := range t.hear() {
		if p.state == 'Z' {
			continue
		}
		if t.joined || p.group == t.leader {
			_ = unix.Kill(p.pid, unix.SIGINT)
		}
	}
}

// terminate asks those to end who did not hear the interrupt: because they left the group, or because they ignore it, as all do
// that a shell has started in the background. The others are ending already. Nobody is asked twice.
func (t *processTree) terminate() {
	for _, p := range t.count() {
		if !t.told[p.pid] && (p.group != t.leader || ignores(p.pid, unix.SIGINT)) {
			t.told[p.pid] = true
			_ = unix.Kill(p.pid, unix.SIGTERM)
		}
	}
}

// processes are all that there are.
func processes() (all []process) {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1) // some are better than none
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			if p, ok := readProcess(pid); ok {
				all = append(all, p)
			}
		}
	}
	return all
}

// readProcess reads /proc/PID/stat: "pid (name) state parent group session …", where the name may hold anything.
func readProcess(pid int) (p process, ok bool) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return p, false
	}
	f := bytes.Fields(data[bytes.LastIndexByte(data, ')')+1:])
	if len(f) < 20 {
		return p, false
	}
	number := func(i int) int { n, _ := strconv.Atoi(string(f[i])); return n }
	return process{
		pid: pid, state: f[0][0], parent: number(1), group: number(2), session: number(3), birth: birth(number(19)),
	}, true
}

// ignores tells whether a process ignores a signal.
func ignores(pid int, s syscall.Signal) bool {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return false
	}
	_, rest, _ := bytes.Cut(data, []byte("\nSigIgn:"))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	mask, _ := strconv.ParseUint(string(bytes.TrimSpace(line)), 16, 64)
	return mask&(1<<(uint(s)-1)) != 0
}
