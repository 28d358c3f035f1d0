package ui

import "strings"

// The types of events.
const (
	// EventRun starts a run: Targets, Steps (how many).
	EventRun = "run"
	// EventStep is a change of one step: Step, Status and, depending on the status, Command, Reason, Exit,
	// Seconds, Tests.
	EventStep = "step"
	// EventOutput is a piece of the output of a step: Step, Stream, Text.
	EventOutput = "output"
	// EventFinding is what a step that failed says about a line of a file: Step, File, Line, Column, Text, Level.
	EventFinding = "finding"
	// EventMask is a value that a step asks the CI system to mask: Step, Secret. It is for that system alone, and in
	// no JSON.
	EventMask = "mask"
	// EventProgress is what a step waits for before its command starts: Step, Text ("pulling golang:1.26"),
	// and Done of Total bytes, where that is known.
	EventProgress = "progress"
	// EventWarning is a message that does not end the run: Text, Hint, and Step if it is about one.
	EventWarning = "warning"
	// EventError is the reason for which a run ended or could not start: Text, Hint, Exit.
	EventError = "error"
	// EventEnd ends a run: Status (ok, failed, cancelled), Seconds, Counts, Tests, Caveats, Images, References.
	EventEnd = "end"
)

// The statuses of steps.
const (
	StatusRunning   = "running"   // its command has started
	StatusOK        = "ok"        // its command ran and succeeded
	StatusCached    = "cached"    // an earlier result is valid: nothing ran
	StatusSkipped   = "skipped"   // not needed or not offered; Reason says why
	StatusFailed    = "failed"    // its command ran and failed; Exit and Reason say how
	StatusNotRun    = "not-run"   // something that it needs failed, or the run ended before
	StatusCancelled = "cancelled" // stopped by Ctrl-C, by --fail-fast or by its timeout
)

// Said returns the event of lines that davit itself prints as the output of a step, such as a difference of
// files that it writes. Unlike what a program prints, they are cleaned.
func Said(step, lines string) Event {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(lines, "\n"), "\n") {
		b.WriteString(cleanWords(line) + "\n")
	}
	return Event{Type: EventOutput, Step: step, Stream: "stdout", Text: b.String()}
}

// Event is one thing that happened in a run. With --json each is one line of JSON on standard output
// (NDJSON):
//
//	{"type":"run","targets":["test"],"steps":2}
//	{"type":"step","step":"go:deps","status":"cached"}
//	{"type":"step","step":"go:test-unit","status":"running","command":"go test ./..."}
//	{"type":"output","step":"go:test-unit","stream":"stdout","text":"ok  \texample.com/shop\t0.004s\n"}
//	{"type":"step","step":"go:test-unit","status":"failed","exit":1,"reason":"exit status 1","seconds":1.2,"tests":{"passed":446,"failed":2,"skipped":0}}
//	{"type":"end","status":"failed","seconds":1.3,"counts":{"cached":1,"failed":1},"tests":{"passed":446,"failed":2,"skipped":0}}
//
// A run that publishes ends with what it published:
//
//	{"type":"end","status":"ok","seconds":9.1,"counts":{"ok":3},"images":["registry.example.com/team/shop@sha256:…"]}
type Event struct {
	Type    string   `json:"type"`
	Targets []string `json:"targets,omitempty"`
	Steps   int      `json:"steps,omitempty"`
	Step    string   `json:"step,omitempty"`
	Status  string   `json:"status,omitempty"`
	Command string   `json:"command,omitempty"`
	// Interactive, with StatusRunning: the step owns the terminal until its next status.
	Interactive bool `json:"interactive,omitempty"`

	Reason string `json:"reason,omitempty"`
	// ReasonFollows says that the error which ends the run gives the reason: lines for people leave it out.
	ReasonFollows bool `json:"-"`

	Exit    int            `json:"exit,omitempty"`
	Seconds float64        `json:"seconds,omitempty"`
	Stream  string         `json:"stream,omitempty"`
	Text    string         `json:"text,omitempty"`
	Hint    string         `json:"hint,omitempty"`
	Done    int64          `json:"done,omitempty"`
	Total   int64          `json:"total,omitempty"`
	Counts  map[string]int `json:"counts,omitempty"`
	// Tests are the tests that a step ran or, with EventEnd, all steps together; nil if they are not known.
	Tests *Tests `json:"tests,omitempty"`
	// Caveats, with EventEnd: in what the run differs from what the project asks for.
	Caveats []string `json:"caveats,omitempty"`
	// File, with EventFinding, is the path from the root of the repository; Line and Column are 0 where they are not known.
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	// Level, with EventFinding: error or warning.
	Level string `json:"level,omitempty"`
	// Image is the image that a step built or pushed, by digest.
	Image string `json:"image,omitempty"`
	// Secret, with EventMask: the value.
	Secret string `json:"-"`
	// Images, with EventEnd: the images that the run published or, if it published none, those that it
	// packaged.
	Images []string `json:"images,omitempty"`
	// References, with EventEnd: the same images, as docker run takes them.
	References []string `json:"references,omitempty"`
}
