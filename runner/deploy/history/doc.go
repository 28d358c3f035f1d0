// Package history is what an engine remembers of an environment: its releases, how each ended, the images that they are made of, and what
// healed it.
//
// Records of one release are images with one number: the first when it has begun, and one more when it has ended. Labels of an image
// cannot be changed, so the last one counts; a davit that is killed leaves what is true, that nobody has said how it ended. The images
// of a release get a name of the environment's own, so that no clean-up takes them from under it.
//
// A registry may keep the releases too, for the day on which the engine has lost them: before that, what the engine says is the truth, and
// the registry is only told. What the history does not do is to change anything that runs.
package history
