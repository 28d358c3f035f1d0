package host

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// A birth is when a process was started, in ticks since the boot. A process id and a birth identify one
// process for good.
type birth uint64

// adoptOrphans makes this process the parent of every orphan below it, instead of init, so that all can be
// found.
var adoptOrphans = sync.OnceFunc(func() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) })

func birthOf(pid int) birth {
	p, _ := readProcess(pid)
	return p.birth
}

// A processTree is a process group and all processes that came out of it, by process id.
type processTree struct {
	*group
	ask         syscall.Signal // what asks it to end
	groups      *groups        // all that run, this one among them
	ownsOrphans bool           // no other group stays: every orphan may be taken for one of this one
	members     map[int]birth
	partial     bool // not all processes could be looked at, the last time
	// members that had the chance to notice the interrupt, by their command lines then
	interrupted map[int]string
	terminated  map[int]bool // members that were asked to terminate
}

func newProcessTree(g *group, ask syscall.Signal, all *groups, ownsOrphans bool) *processTree {
	t := &processTree{
		group: g, ask: ask, groups: all, ownsOrphans: ownsOrphans,
		members: map[int]birth{}, interrupted: map[int]string{}, terminated: map[int]bool{},
	}
	if !g.joined {
		t.snapshot()
	}
	return t
}

// snapshot notes the members that are there to be interrupted, and returns them if there was no snapshot yet.
// Later it returns those of them that run another program by now: the child of a shell loses an interrupt that
// comes before it becomes the command that it was started for. What is started later, such as the commands of a
// trap, is never among them.
func (t *processTree) snapshot() (fresh []process) {
	first := len(t.interrupted) == 0
	for _, p := range t.refresh() {
		line := commandLine(p.pid)
		if before, known := t.interrupted[p.pid]; first || known && before != line {
			t.interrupted[p.pid] = line
			fresh = append(fresh, p)
		}
	}
	return fresh
}

// commandLine returns what a process was last executed with, or "" for one that has ended.
func commandLine(pid int) string {
	data, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
	return string(data)
}

// A process is an entry of /proc.
type process struct {
	pid, parent, group, session int
	state                       byte
	birth                       birth
}

// refresh finds the members among all processes and returns those that still exist: the group, whatever its
// members started, and the orphans of both.
func (t *processTree) refresh() (existing []process) {
	all, complete := processes()
	t.partial = !complete
	leaders, ending := t.groups.others(t.group) // what is started from now on is not among all
	t.ownsOrphans = t.ownsOrphans && ending
	if t.birth != 0 && t.hasLeader(all) {
		t.members[t.leader] = t.birth
	}
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if _, known := t.members[p.pid]; !known && t.isNewMember(p, leaders) {
				t.members[p.pid], grown = p.birth, true
			}
		}
	}
	for _, p := range all {
		if born, known := t.members[p.pid]; known && born == p.birth {
			existing = append(existing, p)
		}
	}
	return existing
}

func (t *processTree) hasLeader(all []process) bool {
	for _, p := range all {
		if p.pid == t.leader && p.birth == t.birth {
			return true
		}
	}
	return false
}

func (t *processTree) isNewMember(p process, otherLeaders map[int]bool) bool {
	self := os.Getpid()
	if p.pid == self || otherLeaders[p.pid] || p.birth < t.birth {
		return false
	}
	_, child := t.members[p.parent]
	orphan := p.parent == self && p.group != unix.Getpgrp() && !otherLeaders[p.group] && t.ownsOrphans
	return child || orphan || !t.joined && p.group == t.leader
}

// alive reports whether any member lives, and reaps the adopted ones that do not. Where not all processes can
// be looked at, for lack of file descriptors, a member is alive for as long as its process id is in use.
func (t *processTree) alive() bool {
	alive := false
	for _, p := range t.refresh() {
		alive = t.lives(p) || alive
	}
	return alive || t.partial && t.inUse()
}

// groupAlive reports whether any process of the group itself lives, and reaps the adopted ones that do not.
func (t *processTree) groupAlive() bool {
	alive := false
	for _, p := range t.refresh() {
		alive = p.group == t.leader && t.lives(p) || alive
	}
	return alive || t.partial && t.inUse()
}

// programs returns the names of the programs that run in the group.
func (t *processTree) programs() (names []string) {
	for _, p := range t.refresh() {
		program, _, _ := strings.Cut(commandLine(p.pid), "\x00")
		if p.group == t.leader && program != "" && !slices.Contains(names, filepath.Base(program)) {
			names = append(names, filepath.Base(program))
		}
	}
	return names
}

// lives reports whether a process has not ended. One that has, and that was adopted, is reaped.
func (t *processTree) lives(p process) bool {
	if p.state != 'Z' && p.state != 'X' {
		return true
	}
	if p.parent == os.Getpid() && p.pid != t.leader {
		_, _ = unix.Wait4(p.pid, nil, unix.WNOHANG, nil)
	}
	return false
}

// inUse reports whether the id of the group or of a member is in use.
func (t *processTree) inUse() bool {
	if !t.joined && unix.Kill(-t.leader, 0) == nil {
		return true
	}
	for pid := range t.members {
		if unix.Kill(pid, 0) == nil {
			return true
		}
	}
	return false
}

// signal sends a signal to all members. Where not all processes can be looked at, the group is signalled as a
// whole.
func (t *processTree) signal(s syscall.Signal) {
	for _, p := range t.refresh() {
		_ = unix.Kill(p.pid, s) // it may have ended
	}
	if t.partial && !t.joined {
		_ = unix.Kill(-t.leader, s)
	}
}

// interrupt does what Ctrl-C in a shell does: it interrupts the group and no other process. A group that is
// joined to this process's own has been interrupted by the terminal already if it was Ctrl-C.
func (t *processTree) interrupt() {
	if !t.joined {
		_ = unix.Kill(-t.leader, t.ask)
		return
	}
	for _, p := range t.snapshot() {
		if t.ask != unix.SIGINT {
			_ = unix.Kill(p.pid, t.ask)
		}
	}
}

// interruptLost interrupts those of the group that have lost the interrupt; see snapshot.
func (t *processTree) interruptLost() {
	for _, p := range t.snapshot() {
		if p.state != 'Z' && (t.joined || p.group == t.leader) {
			_ = unix.Kill(p.pid, t.ask)
		}
	}
}

// terminate asks those members to terminate that did not get the interrupt, since they left the group, or
// that ignore it, as all do that a shell has started in the background. The others are ending already. Nobody
// is asked twice.
func (t *processTree) terminate() {
	for _, p := range t.refresh() {
		if !t.terminated[p.pid] && (p.group != t.leader || ignores(p.pid, t.ask)) {
			t.terminated[p.pid] = true
			_ = unix.Kill(p.pid, unix.SIGTERM)
		}
	}
}

// processes returns all processes. It is incomplete if one could not be read that may exist.
func processes() (all []process, complete bool) {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil, false
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1) // some are better than none
	complete = err == nil
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		p, err := readProcess(pid)
		switch {
		case err == nil:
			all = append(all, p)
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) &&
			!errors.Is(err, unix.ESRCH):
			complete = false
		}
	}
	return all, complete
}

// readProcess reads /proc/PID/stat: "pid (name) state parent group session …", where the name may hold
// anything.
func readProcess(pid int) (p process, err error) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return p, err
	}
	f := bytes.Fields(data[bytes.LastIndexByte(data, ')')+1:])
	if len(f) < 20 {
		return p, unix.ESRCH // it ended meanwhile
	}
	number := func(i int) int { n, _ := strconv.Atoi(string(f[i])); return n }
	return process{
		pid: pid, state: f[0][0], parent: number(1), group: number(2), session: number(3),
		birth: birth(number(19)),
	}, nil
}

// ignores reports whether a process ignores a signal.
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
