// Package plugins asks plugins for plans.
//
// A plugin is one WebAssembly file (Module): a WASI preview 1 command with its manifest in a custom section. A Host runs it
// once for each question, in a sandbox that shows it the project, read-only, and nothing else, and checks its answer. Since
// there is no clock, no network and no environment in there, the answer depends on the module, the request and what was read;
// so it is kept with what was read, and stands for as long as all of that does. Most calls of davit therefore run no
// WebAssembly at all.
//
// The Host promises to its caller: one answer or one error in a bounded time (Options.Deadline) and memory, whatever the plugin
// does. It does not promise that an answer is wise; see plan.Validate for what an answer cannot be.
//
// A module that was never seen before is interpreted, which is what the user waits least for; Warm compiles it while something
// else runs. It is the only importer of wazero.
package plugins
