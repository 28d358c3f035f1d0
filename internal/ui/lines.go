package ui

import (
	"io"
	"strings"
)

// lines prints one line for each event except output. It is the base of the displays that cannot move a
// cursor.
type lines struct {
	streams *Streams
	style   Style
	tally   *tally
}

func newLines(s *Streams) lines { return lines{streams: s, style: s.OutStyle(), tally: newTally()} }

func (l lines) Event(e Event) {
	switch e.Type {
	case EventStep:
		l.step(e)
	case EventProgress:
		l.print(waitLine(e, l.style))
	case EventWarning, EventError:
		l.streams.notice(e)
	case EventEnd:
		l.print(l.tally.summary(e, l.style, true))
	}
}

func (l lines) step(e Event) {
	if !finished(e.Status) {
		l.print(startLine(e, l.style) + "\n")
		return
	}
	l.tally.add(e)
	l.print(endLine(e, l.style) + "\n")
}

func (l lines) print(text string) { io.WriteString(l.streams.out, text) }

// startLine returns the line of a step that starts: "go:test-unit $ go test ./...".
func startLine(e Event, style Style) string {
	line := clean(e.Step)
	if e.Command != "" {
		line += " $ " + command(e.Command)
	}
	return style.dim(line)
}

// endLine returns the line of a step that has ended: "go:test-unit ok in 1.2s".
func endLine(e Event, style Style) string {
	line := clean(e.Step) + " " + strings.ReplaceAll(oneLine(e.Status), "-", " ")
	switch e.Status {
	case StatusOK:
		return style.green(e.Tests.after(line+" in "+seconds(e.Seconds), ", ") + note(e))
	case StatusFailed:
		return style.red(e.Tests.after(line+" in "+seconds(e.Seconds)+e.becauseOf(), "; "))
	}
	if line = e.Tests.after(line, ", "); e.Reason != "" {
		line += ": " + oneLine(e.Reason)
	}
	return style.dim(line)
}

// note returns the remark of a successful step, such as where its image is: ": it is in the Docker engine as
// shop:1.2".
func note(e Event) string {
	if e.Reason == "" {
		return ""
	}
	return ": " + oneLine(e.Reason)
}

// notice prints a warning or an error of a run, with its step.
func (s *Streams) notice(e Event) {
	text := e.Text
	if e.Step != "" {
		text = e.Step + ": " + text
	}
	if e.Type == EventError {
		s.ErrorText(text, e.Hint)
		return
	}
	s.Warning(text, e.Hint)
}
