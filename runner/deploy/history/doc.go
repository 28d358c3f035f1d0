// Package history keeps the records of an environment: its releases, their results, and what was healed.
//
// It works on two small interfaces. A Store keeps documents: an engine keeps them as images without a file
// system, deploytest in memory. Images protects the images that releases use from being cleaned up. As in a
// write-ahead log, a release has a document when it begins and another when it has ended; the last counts, so
// that a davit that is killed leaves the truth: nobody knows how it ended.
//
// A registry may mirror the releases, in case the engine loses them. Until then the engine is the source of
// truth, and the mirror is only written to. Nothing here reads or changes what runs.
package history
