// Package llb translates the steps of a plan to LLB, the graph of operations that BuildKit solves. It is the
// counterpart of the Dockerfile frontend, as a pure function: no clock, no environment, no engine. The same
// steps and options give the same bytes.
//
// A step runs in the image of its tool, with the project at /src. The project is composed of these layers, in
// this order:
//
//   - the folder as the first step that it needs left it;
//   - its sources: the files of the project that its inputs name, without the outputs of the steps that it
//     needs;
//   - the outputs of all other steps that it needs, directly or not; of a step with unknown outputs, its
//     whole folder.
//
// Independent steps share nothing but their sources, so that BuildKit runs them in parallel. If a step and
// the first one that it needs have the same image, the step also starts from the root file system that the
// other left, with what was installed there.
//
// The result of a command is cached for as long as everything that it started from is the same, as with RUN
// in a Dockerfile. This includes results that are not kept on the host because their inputs or outputs are
// not known: here both are in the folder. Only steps that the convention or the project excludes from caching
// run again, and all steps of a forced run.
//
// Secrets and the ssh agent are mounts: the definition names them and contains nothing of them. Caches are
// mounts too, shared between all steps and projects that name the same cache.
package llb
