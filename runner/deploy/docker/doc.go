// Package compose has environments on Docker engines, through the SDK of Docker Compose.
//
// The SDK makes the things: networks, volumes, containers. When which of them is made, started, told to others, drained and removed is
// decided here, since the SDK stops a service before it starts the new one. Between the SDK and the engine stands a guard, a client
// that keeps new containers out of the DNS of their networks until they are healthy.
//
// Nothing is remembered between two calls: what a step has done is read from the engine, and each step leaves out what is done. So a
// davit that was killed at any moment is taken up by the next Apply. What has to be remembered longer the engine keeps: the releases, in
// package history, and who is at work, in package lock. Package model says what the Compose files want.
//
// Volumes are removed only where that is asked for, and a thing that bears the label of another project never is.
package docker
