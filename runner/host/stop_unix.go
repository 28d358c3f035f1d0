//go:build unix

package host

import (
	"cmp"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/davit-dev/davit/internal/fault"
)

// stopSignals are the signals that end a group, by what ends davit. Whatever else ends a step, such as a
// timeout, does it as Ctrl-C.
var stopSignals = map[fault.Category]syscall.Signal{
	fault.Interrupted: syscall.SIGINT, fault.Terminated: syscall.SIGTERM, fault.HungUp: syscall.SIGHUP,
}

// stop ends a group and returns when nothing of it is left. It passes on to the group the signal that davit
// got; when the leader has ended, it asks what ignores that signal to terminate; and after the time of grace
// it kills what is left.
func (r *Runner) stop(g *group, why fault.Category, ended <-chan struct{}) {
	ownsOrphans := r.groups.markEnding(g)
	t := newProcessTree(g, cmp.Or(stopSignals[why], syscall.SIGINT), &r.groups, ownsOrphans)
	t.interrupt()
	grace := time.NewTimer(r.o.Grace)
	defer grace.Stop()
	if r.awaitLeader(t, ended, grace.C) {
		r.terminateRest(t, grace.C)
	}
	t.kill(ended)
}

// signalInterval is how often davit looks for processes that have lost the interrupt.
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
			t.interruptLost()
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

// settleTime is how long what a check has left in its group may take to end by itself: a filter that writes the last
// lines, a browser that was told to close.
const settleTime = 500 * time.Millisecond

// stopRest terminates what a process that has ended has left in its group, and kills it after the time of grace. What has
// left the group, such as the daemon of a build tool, lives on. If left is not nil, the processes may first end by
// themselves, and it is told the programs of those that do not.
func (r *Runner) stopRest(g *group, left func(programs []string)) {
	if g.joined || unix.Kill(-g.leader, 0) != nil {
		return
	}
	t := newProcessTree(g, syscall.SIGTERM, &r.groups, false)
	if left != nil {
		if r.awaitGroup(t, settleTime); !t.groupAlive() {
			return
		}
		left(t.programs())
	}
	r.groups.markEnding(g)
	_ = unix.Kill(-g.leader, syscall.SIGTERM)
	r.awaitGroup(t, r.o.Grace)
	for range 200 {
		if !t.groupAlive() {
			return
		}
		_ = unix.Kill(-g.leader, syscall.SIGKILL)
		time.Sleep(pollInterval)
	}
}

// awaitGroup waits for the processes of a group to end, at most for a time.
func (r *Runner) awaitGroup(t *processTree, limit time.Duration) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for t.groupAlive() {
		select {
		case <-time.After(pollInterval):
		case <-timer.C:
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
