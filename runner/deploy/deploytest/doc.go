// Package deploytest has a deploy.Backend that keeps everything in memory, and the suite of behaviour that
// every backend passes.
//
// A World has engines, registries and a clock. An Engine has images, networks, volumes, containers, records
// and locks, of any number of environments and of other owners. Memory is one environment on one of them,
// with every optional capability; Basic hides these. It is a fake and no mock: Apply changes the engine from
// what it has to what a release says, in waves, and Observe returns what the engine has then. Desired models
// come from Compose files, by way of package compose, and records go through package history, as those of
// Docker do.
//
// A container runs a program of a small shell (see run), so that the Compose file of a test says what
// happens: a service that ends, that does not become healthy or that writes a file. Time is that of the World
// and passes only when somebody asks for it, so that nothing waits.
//
// Suite takes a Harness, which acts as somebody else on the engine. What only one backend promises is tested
// beside that backend.
package deploytest
