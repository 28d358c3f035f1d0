//go:build unix

package host

import (
	"syscall"
	"time"
)

// stop ends a group: it is interrupted; when its leader has ended, what does not heed that is asked to terminate; and when
// patience has ended, what is left is killed. It returns when nothing is left.
func (r *Runner) stop(g *group, ended <-chan struct{}) {
	others, all := r.groups.end(g)
	t := newTeam(g, others, all)
	t.interrupt()
	patience := time.NewTimer(r.o.Grace)
	defer patience.Stop()
	if r.await(t, ended, patience.C) {
		r.disband(t, patience.C)
	}
	t.kill(ended)
}

// signalInterval is how often it is looked for those who have not heard the interrupt.
const signalInterval = 100 * time.Millisecond

// await waits for the leader to end, and tells whether it did before patience.
func (r *Runner) await(t *processTree, ended <-chan struct{}, patience <-chan time.Time) bool {
	look := time.NewTicker(signalInterval)
	defer look.Stop()
	for {
		select {
		case <-ended:
			return true
		case <-patience:
			return false
		case <-r.o.Kill:
			return false
		case <-look.C:
			t.remind()
		}
	}
}

// pause between two looks at who is left. Nobody tells when a process that is not one's child ends.
const pause = 5 * time.Millisecond

// disband waits for those that outlive their leader. They are looked at more than once: one that a shell has just started in the
// background loses the interrupt when it begins to ignore it, which may be after the first look.
func (r *Runner) disband(t *processTree, patience <-chan time.Time) {
	for t.left() {
		t.terminate()
		select {
		case <-time.After(pause):
		case <-patience:
			return
		case <-r.o.Kill:
			return
		}
	}
}

// kill kills until nobody is left, since one that is not dead yet may have started another.
func (t *processTree) kill(ended <-chan struct{}) {
	for range 200 {
		t.signal(syscall.SIGKILL)
		select {
		case <-ended:
			if !t.left() {
				return
			}
		default:
		}
		time.Sleep(pause)
	}
}
