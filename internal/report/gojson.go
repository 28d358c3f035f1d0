package report

import (
	"bytes"
	"encoding/json"
	"strings"
)

// A goEvent is one line of `go test -json` (go doc cmd/test2json) or of `go build -json` (go help buildjson).
type goEvent struct {
	Time        string
	Action      string
	Package     string
	Test        string
	Elapsed     float64
	Output      string
	FailedBuild string
	ImportPath  string
	// Passed and Skipped, with the action of a digest, are the numbers of tests of a package that passes.
	Passed, Skipped int
}

// parseGoEvent parses a line, and reports whether it is an event. Other programs, and old versions of go,
// print in between.
func parseGoEvent(line []byte) (e goEvent, ok bool) {
	if !bytes.HasPrefix(line, []byte("{")) {
		return e, false
	}
	err := json.Unmarshal(line, &e)
	return e, err == nil && e.Action != ""
}

// isProgress reports whether the output only repeats what an event says: "=== RUN   TestX". A test may print the same
// of another one, as the tests of a library for tests do.
func (e goEvent) isProgress() bool {
	for _, word := range []string{"=== RUN ", "=== PAUSE ", "=== CONT ", "=== NAME "} {
		if name, ok := strings.CutPrefix(e.Output, word); ok {
			return strings.TrimSpace(name) == e.Test
		}
	}
	return false
}

// isResult reports whether the output ends the test: "--- FAIL: TestX (0.00s)".
func (e goEvent) isResult() bool {
	for _, word := range []string{"--- PASS: ", "--- FAIL: ", "--- SKIP: ", "--- BENCH: "} {
		if name, ok := strings.CutPrefix(strings.TrimLeft(e.Output, " "), word); ok {
			return strings.HasPrefix(name, e.Test+" ") || strings.HasPrefix(word, "--- BENCH")
		}
	}
	return false
}
