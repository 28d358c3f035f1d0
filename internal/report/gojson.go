package report

import (
	"bytes"
	"encoding/json"
	"strings"
)

// goEvent is one line of `go test -json` (go doc cmd/test2json) or of `go build -json` (go help buildjson).
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

// parseGoEvent tells whether a line is an event: other programs, and old versions of go, print in between.
func parseGoEvent(line []byte) (e goEvent, ok bool) {
	if !bytes.HasPrefix(line, []byte("{")) {
		return e, false
	}
	err := json.Unmarshal(line, &e)
	return e, err == nil && e.Action != ""
}

// goNews is a line that tells what a test does, which the events tell too: "=== RUN   TestX".
func goNews(output string) bool {
	for _, word := range []string{"=== RUN ", "=== PAUSE ", "=== CONT ", "=== NAME "} {
		if strings.HasPrefix(output, word) {
			return true
		}
	}
	return false
}

// goResult is the line that ends a test: "--- FAIL: TestX (0.00s)".
func goResult(output string) bool {
	for _, word := range []string{"--- PASS: ", "--- FAIL: ", "--- SKIP: ", "--- BENCH: "} {
		if strings.HasPrefix(strings.TrimLeft(output, " "), word) {
			return true
		}
	}
	return false
}
