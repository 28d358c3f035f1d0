//go:build unix && !linux

package host

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// birth is not known here.
type birth struct{}

func adoptOrphans()     {}
func birthOf(int) birth { return birth{} }

// processTree is a process group, which is all that this system can name at once.
type processTree struct {
	*group
	terminated bool // it was asked to terminate
}

func newProcessTree(g *group, _ map[int]bool, _ bool) *processTree { return &processTree{group: g} }

// id returns what kill takes for the group.
func (t *processTree) id() int {
	if t.joined {
		return t.leader
	}
	return -t.leader
}

func (t *processTree) alive() bool             { return unix.Kill(t.id(), 0) == nil }
func (t *processTree) signal(s syscall.Signal) { _ = unix.Kill(t.id(), s) } // it may have ended
func (t *processTree) interrupt()              { t.signal(unix.SIGINT) }
func (t *processTree) interruptNew()           {}

// terminate asks the group to terminate, once.
func (t *processTree) terminate() {
	if !t.terminated {
		t.terminated = true
		t.signal(unix.SIGTERM)
	}
}
