// Package logs reads the output of the containers of an environment: the lines of all, merged by time, and
// then those that follow.
//
// Engines keep the output, one stream for each container, and nothing is kept here. While lines are followed,
// containers start, stop and restart: each line is returned once, in the order of its container, and none is
// lost. Across containers, new lines are in the order in which the engine sends them.
package logs
