// Package history keeps the records of an environment: its releases, how each ended, and what was healed.
//
// It works on two small interfaces. A Store keeps documents: an engine keeps them as images without a file system, deploytest in memory.
// Images keeps the images that releases name from being cleaned up. Of one release there are several documents, one when it has begun and
// one when it has ended; the last counts, so that a davit that is killed leaves the truth: nobody has said how it ended.
//
// A registry may mirror the releases, for the day on which the engine has lost them. Before that, the engine is the truth and the mirror is
// only written to. What runs is neither read nor changed here.
package history
