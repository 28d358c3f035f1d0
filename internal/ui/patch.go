package ui

import (
	"io"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// Unified returns the difference of two texts in the unified format. A text that is nil is a missing file.
func Unified(before string, was []byte, after string, is []byte) string {
	if was == nil {
		before = "/dev/null"
	}
	if is == nil {
		after = "/dev/null"
	}
	return string(diff.Diff(before, was, after, is))
}

// Patch prints a unified difference in colours, with an indent before each line.
func (s *Streams) Patch(indent, text string) {
	style := s.OutStyle()
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		io.WriteString(s.out, indent+styleLine(style, line)+"\n")
	}
}

// cleanWords cleans a line, except for tabs.
func cleanWords(line string) string {
	words := strings.Split(line, "\t")
	for i, w := range words {
		words[i] = clean(w)
	}
	return strings.Join(words, "\t")
}

// styleLine cleans a line, except for tabs, and colours it.
func styleLine(style Style, line string) string {
	text := cleanWords(line)
	switch {
	case strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "+++ "), strings.HasPrefix(line, "diff "):
		return style.bold(text)
	case strings.HasPrefix(line, "-"):
		return style.red(text)
	case strings.HasPrefix(line, "+"):
		return style.green(text)
	case strings.HasPrefix(line, "@@"):
		return style.dim(text)
	}
	return text
}
