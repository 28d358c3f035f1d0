package app

import (
	"fmt"
	"strings"

	"github.com/davit-dev/davit/internal/text"
)

// A listing says how much of a list a note has: the first few, or the whole, and commands shortened or not.
type listing struct{ whole bool }

// list returns how notes about the project list things: in whole with --verbose and for programs.
func (p *Project) list() listing { return listing{p.Whole} }

// maxNamed is how many things one note names.
const maxNamed = 4

// of returns the first of some texts, and how many more there are.
func (l listing) of(texts []string) string {
	if l.whole || len(texts) <= maxNamed {
		return text.And(texts)
	}
	return strings.Join(texts[:maxNamed], ", ") + l.more(len(texts)-maxNamed)
}

// joined returns the first of some texts with a conjunction between them, and how many more there are.
func (l listing) joined(texts []string, conjunction string) string {
	if l.whole || len(texts) <= maxNamed {
		return strings.Join(texts, conjunction)
	}
	return strings.Join(texts[:maxNamed], conjunction) + l.more(len(texts)-maxNamed)
}

func (l listing) more(n int) string { return fmt.Sprintf(" and %d more (-v shows all)", n) }

// short returns a command that fits into a note.
func (l listing) short(text string) string {
	if l.whole || len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText-1], "") + "…"
}

// maxText is how many bytes of a command a note has.
const maxText = 72
