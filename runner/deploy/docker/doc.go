// Package docker is the backend for Docker engines, through the SDK of Docker Compose. It reconciles: it
// compares the desired model with what runs, service by service, and changes only what differs.
//
// The SDK creates networks, volumes and containers. The order in which they are created, started, announced
// in DNS, drained and removed is decided here, since the SDK stops a service before it starts the new one. A
// guard, a client between the SDK and the engine, keeps new containers out of the DNS of their networks until
// they are healthy.
//
// No state is kept between two calls: progress is read from the engine, and each step skips what is done
// already. So the next Apply continues after a davit that was killed at any moment. What must be remembered
// longer the engine keeps: the releases (package history) and the lock (package lock). Package compose reads
// the Compose files.
//
// Volumes are removed only on request, and a thing that has the label of another project never is.
package docker
