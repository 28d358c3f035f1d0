// Package logs is what the containers of an environment say: the lines of all, merged by time, and those that are still to come.
//
// Engines keep what was said, one stream for each container, and nothing is kept here. While lines are followed, containers come, go and
// start again: each line is given once, in the order of its container, and none is missed. Across containers, lines that have just been
// said come in the order in which the engine tells of them.
package logs
