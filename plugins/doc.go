// Package plugins runs plugins in a sandbox and returns their plans.
//
// A plugin is one WebAssembly file (Module): a WASI preview 1 command with its manifest in a custom section.
// A Host runs it once per request, in a sandbox with the project mounted read-only and nothing else, and
// checks its answer. A plugin has no clock, no network and no environment, so its answer depends only on the
// module, the request and the files that it reads. The Host records these reads and memoises the answer with
// them, as a build tool with traced dependencies does; the answer is valid until one of the reads changes. So
// most calls of davit run no WebAssembly at all.
//
// The plugins of davit itself run in this process. A module of anybody else is scanned (package scan) before
// anything decodes it, and is decoded, compiled and run in a process of its own: this program, started anew,
// whose main has to call Main first. The system limits its memory and time.
//
// Plan returns one answer or one error in bounded processor time (Options.Time) and memory, whatever the
// plugin does and whatever else the machine does. It does not check that a plan is useful; plan.Validate says
// what a plan cannot contain.
//
// A new module is interpreted, because that gives the first answer soonest. Warm compiles it while something
// else runs, and Plan does if the answer takes long. This is the only package that imports wazero.
package plugins
