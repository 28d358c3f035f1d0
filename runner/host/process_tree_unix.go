//go:build unix && !linux

package host

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// A birth is not known on this system.
type birth struct{}

func adoptOrphans()     {}
func birthOf(int) birth { return birth{} }

// A processTree is a process group: this system can name nothing larger at once.
type processTree struct {
	*group
	ask        syscall.Signal // what asks it to end
	terminated bool           // it was asked to terminate
}

func newProcessTree(g *group, ask syscall.Signal, _ *groups, _ bool) *processTree {
	return &processTree{group: g, ask: ask}
}

// id returns the id of the group for kill.
func (t *processTree) id() int {
	if t.joined {
		return t.leader
	}
	return -t.leader
}

func (t *processTree) alive() bool             { return unix.Kill(t.id(), 0) == nil }
func (t *processTree) groupAlive() bool        { return t.alive() }
func (t *processTree) programs() []string      { return nil }
func (t *processTree) signal(s syscall.Signal) { _ = unix.Kill(t.id(), s) } // it may have ended
func (t *processTree) interrupt()              { t.signal(t.ask) }
func (t *processTree) interruptLost()          {}

// terminate asks the group to terminate, once.
func (t *processTree) terminate() {
	if !t.terminated {
		t.terminated = true
		t.signal(unix.SIGTERM)
	}
}
