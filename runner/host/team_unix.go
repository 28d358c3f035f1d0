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

// team is a process group, which is all that this system can name at once.
type team struct {
	*group
	told bool // it was asked to terminate
}

func newTeam(g *group, _ map[int]bool, _ bool) *team { return &team{group: g} }

// name is what kill takes for the group.
func (t *team) name() int {
	if t.joined {
		return t.leader
	}
	return -t.leader
}

func (t *team) left() bool              { return unix.Kill(t.name(), 0) == nil }
func (t *team) signal(s syscall.Signal) { _ = unix.Kill(t.name(), s) } // it may have ended
func (t *team) interrupt()              { t.signal(unix.SIGINT) }
func (t *team) remind()                 {}

// terminate asks once.
func (t *team) terminate() {
	if !t.told {
		t.told = true
		t.signal(unix.SIGTERM)
	}
}
