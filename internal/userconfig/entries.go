package userconfig

import (
	"bytes"
	"regexp"
	"strings"
)

// An entryReader splits a file of configuration into entries: INI, TOML, YAML and the formats of npm, yarn and
// git are similar enough. An entry is a line and those that continue it.
type entryReader struct {
	keep    *regexp.Regexp
	out     bytes.Buffer
	header  string // the header of the section, as long as nothing of the section is kept
	section string
	indent  int  // of the entry
	open    int  // brackets of the entry that are not closed
	kept    bool // whether the entry is
}

// keep returns the entries of a file whose names match: "section.key", or "key" outside of all sections.
func keep(text []byte, names *regexp.Regexp) []byte {
	r := &entryReader{keep: names}
	for line := range strings.Lines(strings.ReplaceAll(string(text), "\r\n", "\n")) {
		r.line(strings.TrimRight(line, "\n"))
	}
	return r.out.Bytes()
}

func (r *entryReader) line(line string) {
	trimmed := strings.TrimSpace(line)
	indent := len(line) - len(strings.TrimLeft(line, " \t"))
	switch {
	case trimmed == "", strings.HasPrefix(trimmed, "#"), strings.HasPrefix(trimmed, ";"):
	case r.open > 0:
		r.continueEntry(line)
	case strings.HasPrefix(trimmed, "["):
		r.header, r.section, r.indent, r.kept = line+"\n", sectionName(trimmed), -1, false
	case r.indent >= 0 && (indent > r.indent || strings.HasPrefix(trimmed, "- ")):
		r.continueEntry(line)
	default:
		r.begin(line, indent)
	}
}

// begin begins an entry.
func (r *entryReader) begin(line string, indent int) {
	name := entryName(line)
	if r.section != "" {
		name = r.section + "." + name
	}
	r.indent, r.open, r.kept = indent, 0, r.keep.MatchString(name)
	if r.kept {
		r.out.WriteString(r.header)
		r.header = ""
	}
	r.continueEntry(line)
}

func (r *entryReader) continueEntry(line string) {
	if _, value, ok := strings.Cut(line, "="); ok || r.open > 0 {
		if r.open > 0 {
			value = line
		}
		r.open += brackets(value)
	}
	if r.kept {
		r.out.WriteString(line + "\n")
	}
}

// brackets returns how many brackets of a value are opened and not closed. Those in strings do not count.
func brackets(value string) (open int) {
	var quote rune
	for _, c := range value {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"', c == '\'':
			quote = c
		case c == '#':
			return open
		case c == '[', c == '{':
			open++
		case c == ']', c == '}':
			open--
		}
	}
	return open
}

// sectionName returns the name in a header, such as [a.b], [[a]] and [url "https://example.com"].
func sectionName(header string) string {
	name := strings.TrimLeft(header, "[")
	if i := strings.LastIndexByte(name, ']'); i >= 0 {
		name = name[:i]
	}
	return strings.TrimSpace(strings.Trim(name, "[] "))
}

// entryName returns the name of an entry, which ends before "=", ":" or a space. Names of npm that begin with "//"
// or "@" have colons in them.
func entryName(line string) string {
	line = strings.TrimSpace(line)
	if quote := line[:1]; quote == `"` || quote == "'" {
		name, _, _ := strings.Cut(line[1:], quote)
		return name
	}
	ends := "=: \t"
	if strings.HasPrefix(line, "//") || strings.HasPrefix(line, "@") {
		ends = "= \t"
	}
	if i := strings.IndexAny(line, ends); i >= 0 {
		return line[:i]
	}
	return line
}
