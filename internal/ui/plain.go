package ui

import (
	"maps"
	"slices"
)

// plain is the display for files, pipes and CI systems that davit does not know: lines that are never
// rewritten, each behind the name of its step.
type plain struct {
	lines
	outputs outputs
}

func newPlain(s *Streams) *plain { return &plain{lines: newLines(s), outputs: outputs{}} }

func (p *plain) Event(e Event) {
	if e.Type == EventOutput {
		p.print(prefixed(p.prefix(e.Step), p.outputs.add(e)))
		return
	}
	if e.Type == EventStep && finished(e.Status) {
		p.flush(e.Step)
	}
	p.lines.Event(e)
}

// flush prints the unfinished lines of a step.
func (p *plain) flush(step string) { p.print(prefixed(p.prefix(step), p.outputs.flush(step))) }

func (p *plain) prefix(step string) string { return p.style.dim(clean(step) + " |") }

// Close prints the unfinished lines of steps that were interrupted.
func (p *plain) Close() {
	for _, step := range slices.Sorted(maps.Keys(p.outputs)) {
		p.flush(step)
	}
}
