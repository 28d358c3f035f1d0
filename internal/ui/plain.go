package ui

import (
	"io"
	"maps"
	"slices"
	"strings"
)

// plain is for files, pipes and CI systems that are not known: lines that only ever grow, each with the step that it is of.
type plain struct {
	streams *Streams
	style   Style
	outputs outputs
	tally   *tally
}

func newPlain(s *Streams) *plain {
	return &plain{streams: s, style: s.OutStyle(), outputs: outputs{}, tally: newTally()}
}

func (p *plain) Event(e Event) {
	switch e.Type {
	case EventStep:
		p.step(e)
	case EventOutput:
		p.print(prefixed(p.prefix(e.Step), p.outputs.take(e)))
	case EventProgress:
		p.print(waits(e, p.style))
	case EventWarning, EventError:
		p.streams.notice(e)
	case EventEnd:
		p.print(p.tally.summary(e, p.style, true))
	}
}

func (p *plain) step(e Event) {
	if !finished(e.Status) {
		p.print(start(e, p.style) + "\n")
		return
	}
	p.tally.add(e)
	p.print(prefixed(p.prefix(e.Step), p.outputs.rest(e.Step)) + end(e, p.style) + "\n")
}

func (p *plain) prefix(step string) string { return p.style.Dim(clean(step) + " |") }

func (p *plain) print(text string) { io.WriteString(p.streams.Out, text) }

// Close prints lines that had no end when the run was broken off.
func (p *plain) Close() {
	for _, step := range slices.Sorted(maps.Keys(p.outputs)) {
		p.print(prefixed(p.prefix(step), p.outputs.rest(step)))
	}
}

// start is the line of a step that begins: "go:test-unit $ go test ./...".
func start(e Event, style Style) string {
	line := clean(e.Step)
	if e.Command != "" {
		line += " $ " + command(e.Command)
	}
	return style.Dim(line)
}

// end is the line of a step that is over: "go:test-unit ok in 1.2s".
func end(e Event, style Style) string {
	line := clean(e.Step) + " " + strings.ReplaceAll(oneLine(e.Status), "-", " ")
	switch e.Status {
	case StatusOK:
		return style.Green(line + " in " + seconds(e.Seconds) + remark(e))
	case StatusFailed:
		return style.Red(line + " in " + seconds(e.Seconds) + ": " + e.why())
	}
	if e.Reason != "" {
		line += ": " + oneLine(e.Reason)
	}
	return style.Dim(line)
}

// remark is what a step that succeeded says of its end, where its image landed: ": it is in the Docker engine as shop:1.2".
func remark(e Event) string {
	if e.Reason == "" {
		return ""
	}
	return ": " + oneLine(e.Reason)
}

// notice prints a warning or an error of a run, with the step that it is of.
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
