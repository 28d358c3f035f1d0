//go:build unix

package host

import (
	"syscall"
	"time"
)

// stop ends a group and returns when nothing of it is left. It interrupts the group; when the leader has
// ended, it asks what ignores the interrupt to terminate; and after the time of grace it kills what is left.
func (r *Runner) stop(g *group, ended <-chan struct{}) {
	otherLeaders, allEnding := r.groups.markEnding(g)
	t := newProcessTree(g, otherLeaders, allEnding)
	t.interrupt()
	grace := time.NewTimer(r.o.Grace)
	defer grace.Stop()
	if r.awaitLeader(t, ended, grace.C) {
		r.terminateRest(t, grace.C)
	}
	t.kill(ended)
}

// signalInterval is how often davit looks for processes that did not get the interrupt.
const signalInterval = 100 * time.Millisecond

// awaitLeader waits for the leader to end, and reports whether it did within the time of grace.
func (r *Runner) awaitLeader(t *processTree, ended <-chan struct{}, grace <-chan time.Time) bool {
	tick := time.NewTicker(signalInterval)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return true
		case <-grace:
			return false
		case <-r.o.Kill:
			return false
		case <-tick.C:
			t.interruptNew()
		}
	}
}

// pollInterval is how often davit looks whether processes have ended that are not its children.
const pollInterval = 5 * time.Millisecond

// terminateRest waits for the processes that outlive their leader. It asks them to terminate more than once:
// one that a shell has just started in the background begins to ignore the interrupt after it got it, which
// may be after the first look.
func (r *Runner) terminateRest(t *processTree, grace <-chan time.Time) {
	for t.alive() {
		t.terminate()
		select {
		case <-time.After(pollInterval):
		case <-grace:
			return
		case <-r.o.Kill:
			return
		}
	}
}

// kill kills until nothing is left, since a process that is not dead yet may have started another.
func (t *processTree) kill(ended <-chan struct{}) {
	for range 200 {
		t.signal(syscall.SIGKILL)
		select {
		case <-ended:
			if !t.alive() {
				return
			}
		default:
		}
		time.Sleep(pollInterval)
	}
}
