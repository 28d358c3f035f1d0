// Package lock keeps an environment to one davit at a time, wherever the others run: who can reach the engine asks the engine.
//
// A lock is a container that is never started. The name of a container is the one thing that an engine gives to one alone, its labels say
// whose it is, and as long as there is the container with this id, the lock is held. It is a lease: the holder says again and again that
// it is there, and a lock of which that is not heard ends by itself, as does one of a process of this machine that is no more. Times
// are told by the clock of the engine, which is the same for all.
//
// It keeps out those who ask. A lock is no fence: what a holder that has lost it still does, the engine does for it, so whoever holds
// one ends with its lease.
package lock
