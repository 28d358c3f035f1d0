//go:build unix && !linux

package host

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// birth is not known here.
type birth struct{}

func adopt()            {}
func birthOf(int) birth { return birth{} }

// processTree is a process group, which is all that this system can name at once.
type processTree struct {
	*group
	told bool // it was asked to terminate
}

func newTeam(g *group, _ map[int]bool, _ bool) *processTree { return &processTree{group: g} }

// name is what kill takes for the group.
func (t *processTree) name() int {
	if t.joined {
		return t.leader
	}
	return -t.leader
}

func (t *processTree) left() bool              { return unix.Kill(t.name(), 0) == nil }
func (t *processTree) signal(s syscall.Signal) { _ = unix.Kill(t.name(), s) } // it may have ended
func (t *processTree) interrupt()              { t.signal(unix.SIGINT) }
func (t *processTree) remind()                 {}

// terminate asks once.
func (t *processTree) terminate() {
	if !t.told {
		t.told = true
		t.signal(unix.SIGTERM)
	}
}
