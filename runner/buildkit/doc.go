// Package buildkit runs steps in containers, through BuildKit: a buildkitd anywhere, or the one inside a
// Docker engine. It is a client of BuildKit as buildctl is one, with package llb in the place of a frontend.
//
// A run is one build with one session. Each step is a solve of its own within it: it ends on its own, with
// its own output and exit code, and BuildKit runs independent steps in parallel. Package llb computes, as
// data, what a step starts from.
//
// The project is sent to the engine as the files that git lists; a step sees those that its inputs name.
// Nothing in a container can touch the project. Only the declared outputs of a step are copied back and, for
// a step of effect "writes", the files that it changed. A step of effect "reads" that changed the sources
// fails, as it does on the host.
package buildkit
