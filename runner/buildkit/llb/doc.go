// Package llb turns the steps of a plan into LLB, the graph of operations that BuildKit solves. It is a pure function: no clock, no
// environment, no engine; the same steps and facts give the same bytes.
//
// A step runs in the image of its tool, with the project at /work. What it finds there is laid over each other in this order:
//
//   - the folder as the first step that it needs left it;
//   - the sources that it sees: the files of the project that its inputs name, without what the steps that it needs make;
//   - the outputs of all else that it needs, directly or not; of a step of which is not known what it makes, its whole folder.
//
// Steps that do not need each other share nothing but their sources, so that BuildKit runs them at the same time. Where a step
// and the first one that it needs have the same image, it also starts from the root file system that this one left: what was
// installed there is there.
//
// What a command left is known for as long as all that it started from is the same, as with RUN in a Dockerfile. That holds also where
// a result on the host is not kept for want of knowing what it depends on, or what was made: here all of that is in the folder.
// Only results that the convention, or the project, does not want to be kept are made again, and those of a forced run.
//
// Secrets and the ssh agent are mounts: the definition names them and holds nothing of them. Caches are mounts too, shared between
// the steps, and the projects, that name the same cache.
package llb
