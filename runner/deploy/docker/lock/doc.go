// Package lock lets one davit at a time change an environment, wherever the others run. It is a lease, as in
// Chubby or Kubernetes: the holder renews it, and one that is not renewed expires.
//
// A lock is a container that is never started. An engine gives a name to one container only, so creating it
// is the acquisition; its labels name the holder, and as long as the container with this id exists, the lock
// is held. A lock whose holder was a process of this machine that has exited is taken over at once. All times
// are by the clock of the engine, which is the same for all.
//
// It keeps out those who ask. It is no fence: an engine still obeys a holder that has lost its lock, so a
// holder stops when its lease ends.
package lock
