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

// isGoProgress reports whether a line only repeats what an event says: "=== RUN   TestX".
func isGoProgress(output string) bool {
	for _, word := range []string{"=== RUN ", "=== PAUSE ", "=== CONT ", "=== NAME "} {
		if strings.HasPrefix(output, word) {
			return true
		}
	}
	return false
}

// isGoResult reports whether a line ends a test: "--- FAIL: TestX (0.00s)".
func isGoResult(output string) bool {
	for _, word := range []string{"--- PASS: ", "--- FAIL: ", "--- SKIP: ", "--- BENCH: "} {
		if strings.HasPrefix(strings.TrimLeft(output, " "), word) {
			return true
		}
	}
	return false
}
