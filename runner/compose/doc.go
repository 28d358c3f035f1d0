// Package compose has environments on Docker engines, through the SDK of Docker Compose.
//
// The SDK makes the things: networks, volumes, containers. When which of them is made, started, told to others, drained and removed is
// decided here, since the SDK stops a service before it starts the new one. Between the SDK and the engine stands a guard, a client
// that keeps new containers out of the DNS of their networks until they are healthy.
//
// Nothing is remembered between two calls: what a step has done is read from the engine, and each step leaves out what is done. So a
// davit that was killed at any moment is taken up by the next Apply. The engine also keeps the releases, as images without a file
// system, and the lock, as a container that is never started: the name of a container is the one thing that an engine gives to one
// alone. A registry may keep the releases too, for the day on which the engine has lost them: before that, what the engine says is the
// truth, and the registry is only told.
//
// Volumes are removed only where that is asked for, and a thing that bears the label of another project never is.
package compose
