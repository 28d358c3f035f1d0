// Package ui is all that a user of davit sees: streams, colour, the progress of a run, and `error:` and `hint:` lines.
//
// What happens in a run is a sequence of Events. A Display shows them, and there is one for each place that they may be
// seen in: a terminal, a file, the log of GitHub Actions or of GitLab CI, a program (NDJSON), or nobody (quiet). Whoever
// runs steps knows events alone and never prints.
//
// The package never asks the process for anything. Streams, environment and clock are passed in by main, once, as Streams;
// whether a stream is a terminal, how wide it is and whether it takes colour are decided here and nowhere else.
//
// It promises that lines stay whole however many steps print at once, that the output of a step that failed is shown
// unabridged, that names and reasons cannot move the cursor, and that the cursor is visible again after Close.
// Output of steps is passed on as it is: what a step prints may colour the terminal, as it may without davit.
package ui
