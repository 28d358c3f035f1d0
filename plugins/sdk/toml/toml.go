// Package toml reads TOML 1.0 for plugins, which need pyproject.toml, Cargo.toml and their like.
//
// It exists because plugins import the SDK and the standard library only: a module that is compiled to
// WebAssembly and loaded for every first plan has to be small. davit reads its own files with another parser,
// which also reports columns and unknown keys. This one returns plain Go values, for reading some keys of
// files that others define:
//
//	m, err := toml.Parse(text)
//	name := toml.String(m, "project", "name")
//	groups := toml.Table(m, "dependency-groups")
//
// What is invalid in TOML 1.0 is an error with its line. No input causes a panic. Tables and arrays nest at
// most MaxDepth deep, so neither this package nor a recursive caller runs out of stack.
package toml

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and tables may nest. Deeper nesting is an error: TOML has no limit, but no
// manifest comes near this one.
const MaxDepth = 64

// Parse parses a TOML document. Its values are string, int64, float64, bool, []any, map[string]any and, for
// dates and times, the string as written. An array of tables is an []any of map[string]any. The error is one
// sentence that begins with "line N: ".
func Parse(text string) (map[string]any, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	p := &parser{text: text, root: newTable(0)}
	p.table = p.root
	if !utf8.ValidString(text) {
		p.pos = invalidAt(text)
		return nil, p.fail("the text is not valid UTF-8")
	}
	for p.pos < len(p.text) {
		if err := p.line(); err != nil {
			return nil, err
		}
	}
	return p.root.values, nil
}

func invalidAt(text string) int {
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd") {
			return i
		}
	}
	return len(text)
}

// A parser is a position in a text, and the table that the last header opened.
type parser struct {
	text  string
	pos   int
	root  *table
	table *table
}

// fail returns an error with the current line.
func (p *parser) fail(format string, args ...any) error {
	line := 1 + strings.Count(p.text[:min(p.pos, len(p.text))], "\n")
	return fmt.Errorf("line %d: %s", line, fmt.Sprintf(format, args...))
}

// line reads one header or one key with its value, if there is any, up to the end of the line.
func (p *parser) line() error {
	p.spaces()
	var err error
	switch c := p.peek(); {
	case c == '[':
		err = p.header()
	case c != '#' && c != '\n' && c != '\r' && c != 0:
		err = p.pair(p.table)
	}
	if err != nil {
		return err
	}
	return p.endOfLine()
}

// peek returns the next byte, or 0 at the end. A NUL in the text is an error wherever it can stand.
func (p *parser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

// take skips s if the text goes on with it, and reports whether it did.
func (p *parser) take(s string) bool {
	if strings.HasPrefix(p.text[p.pos:], s) {
		p.pos += len(s)
		return true
	}
	return false
}

func (p *parser) spaces() {
	for p.peek() == ' ' || p.peek() == '\t' {
		p.pos++
	}
}

// endOfLine skips white space and a comment, and returns an error if the line does not end there.
func (p *parser) endOfLine() error {
	p.spaces()
	if err := p.comment(); err != nil {
		return err
	}
	if p.pos == len(p.text) || p.take("\n") || p.take("\r\n") {
		return nil
	}
	return p.fail("%s stands where the line should end", p.next())
}

func (p *parser) comment() error {
	if p.peek() != '#' {
		return nil
	}
	for p.pos < len(p.text) && p.text[p.pos] != '\n' && !strings.HasPrefix(p.text[p.pos:], "\r\n") {
		if isControl(p.text[p.pos]) {
			return p.fail("a comment has the control character %q in it", p.text[p.pos])
		}
		p.pos++
	}
	return nil
}

// blanks skips white space, comments and line breaks, which are allowed in an array.
func (p *parser) blanks() error {
	for {
		p.spaces()
		if err := p.comment(); err != nil {
			return err
		}
		if !p.take("\n") && !p.take("\r\n") {
			return nil
		}
	}
}

// next describes the next character, for a message.
func (p *parser) next() string {
	if p.pos >= len(p.text) {
		return "the end of the text"
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.pos:])
	return fmt.Sprintf("%q", r)
}

func isControl(c byte) bool { return c < 0x20 && c != '\t' || c == 0x7f }
