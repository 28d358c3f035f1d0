package toml

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// str reads a string of any of the four kinds.
func (p *parser) str() (any, error) {
	for _, quote := range []string{`"""`, `'''`} {
		if p.take(quote) {
			return p.manyLines(quote)
		}
	}
	return p.oneLine()
}

// oneLine reads "…" or '…'.
func (p *parser) oneLine() (string, error) {
	quote := p.peek()
	p.pos++
	var b strings.Builder
	for {
		switch c := p.peek(); {
		case p.pos >= len(p.text) || c == '\n' || c == '\r':
			return "", p.fail("a string is not closed with %c on its line", quote)
		case c == quote:
			p.pos++
			return b.String(), nil
		case isControl(c):
			return "", p.fail("a string has the control character %q in it", c)
		case c == '\\' && quote == '"':
			if err := p.escape(&b); err != nil {
				return "", err
			}
		default:
			b.WriteByte(c)
			p.pos++
		}
	}
}

// manyLines reads a string in three quotes. A line break right after the opening quotes is not part of the
// string, and up to two quotes may precede the closing ones.
func (p *parser) manyLines(quote string) (string, error) {
	if !p.take("\n") {
		p.take("\r\n")
	}
	var b strings.Builder
	for {
		switch c := p.peek(); {
		case p.pos >= len(p.text):
			return "", p.fail("a string is not closed with %s", quote)
		case strings.HasPrefix(p.text[p.pos:], quote):
			for n := 0; n < 2 && strings.HasPrefix(p.text[p.pos+1:], quote); n++ {
				b.WriteByte(c)
				p.pos++
			}
			p.take(quote)
			return b.String(), nil
		case p.take("\r\n"):
			b.WriteByte('\n')
		case isControl(c) && c != '\n':
			return "", p.fail("a string has the control character %q in it", c)
		case c == '\\' && quote == `"""`:
			if err := p.continuation(&b); err != nil {
				return "", err
			}
		default:
			b.WriteByte(c)
			p.pos++
		}
	}
}

// continuation reads a backslash: at the end of a line it skips all white space up to the next text,
// elsewhere it begins an escape.
func (p *parser) continuation(b *strings.Builder) error {
	rest := strings.TrimLeft(p.text[p.pos+1:], " \t")
	if !strings.HasPrefix(rest, "\n") && !strings.HasPrefix(rest, "\r\n") {
		return p.escape(b)
	}
	for rest != "" && (strings.ContainsRune(" \t\n", rune(rest[0])) || strings.HasPrefix(rest, "\r\n")) {
		rest = rest[1:]
	}
	p.pos = len(p.text) - len(rest)
	return nil
}

var escapes = map[byte]byte{'b': '\b', 't': '\t', 'n': '\n', 'f': '\f', 'r': '\r', '"': '"', '\\': '\\'}

func (p *parser) escape(b *strings.Builder) error {
	rest := p.text[p.pos+1:]
	if rest == "" {
		return p.fail("the text ends with a backslash")
	}
	if c, ok := escapes[rest[0]]; ok {
		b.WriteByte(c)
		p.pos += 2
		return nil
	}
	size := map[byte]int{'u': 4, 'U': 8}[rest[0]]
	if size == 0 {
		p.pos++
		return p.fail("a backslash before %s means nothing", p.next())
	}
	code, err := strconv.ParseUint(rest[1:min(1+size, len(rest))], 16, 32)
	if err != nil || len(rest) < 1+size || !utf8.ValidRune(rune(code)) {
		return p.fail("\\%c needs %d hexadecimal digits of a character", rest[0], size)
	}
	b.WriteRune(rune(code))
	p.pos += 2 + size
	return nil
}
