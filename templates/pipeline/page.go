package pipeline

import (
	"fmt"
	"strings"
)

// A page is the text of a pipeline: lines of YAML.
type page struct{ b strings.Builder }

// line adds a line.
func (p *page) line(format string, args ...any) { fmt.Fprintf(&p.b, format+"\n", args...) }

// textf adds lines with parts that differ.
func (p *page) textf(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

// text adds lines that are the same for each project.
func (p *page) text(lines string) { p.b.WriteString(lines) }

// head adds the first lines: the mark, and what the pipeline leaves out.
func (p *page) head(system string, notes []string) {
	p.line("%s", Mark(system))
	for _, note := range notes {
		p.line("# %s", Visible(note))
	}
}
