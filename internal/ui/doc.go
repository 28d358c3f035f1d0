// Package ui is everything that a user of davit sees: streams, colour, the progress of a run, and `error:`
// and `hint:` lines.
//
// A run is a sequence of Events, as in `go test -json`. A Display shows them, and there is one for each
// medium: a terminal, a file, the log of GitHub Actions or of GitLab CI, a program (NDJSON), or nobody
// (quiet). Packages that run steps emit events and never print.
//
// The package reads nothing from the process. main passes streams, environment and clock as Streams, once.
// Only this package decides whether a stream is a terminal, how wide it is and whether it gets colour.
//
// It guarantees that lines stay whole however many steps print at once, that the output of a failed step is
// shown in full, and that the cursor is visible again after Close. All text but davit's own is cleaned here
// (see internal/text), and coloured after that: nobody else has the streams. The output of steps is passed on
// as it is: it may colour the terminal, as it may without davit. It cannot end the folds of a CI system.
package ui
