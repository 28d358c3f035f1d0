// Package buildkit runs steps in containers, through BuildKit: a buildkitd anywhere, or the one inside a Docker engine.
//
// A run is one build with one session. Each step is a solve of its own within it, so that its end, its output and its exit code
// are its own, and so that BuildKit runs what is independent in parallel. What a step starts from is data: package llb says how.
//
// The project goes to the engine as the files that git lists; a step sees those that its inputs name. Nothing in a container can
// touch the project: what comes back are the declared outputs of a step, and, of one of effect "writes", the files that it changed.
// A step of effect "reads" that changed the sources fails, as it does on the host.
package buildkit
