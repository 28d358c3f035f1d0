package recipes

import (
	"path"
	"slices"
	"strings"
)

// withoutDocuments returns a script without its here-documents, which are text: "cat <<EOF". Those that a shell reads are
// commands, and stay.
func withoutDocuments(script string) string {
	if !strings.Contains(script, "<<") {
		return script
	}
	var out strings.Builder
	end := ""
	for line := range strings.Lines(script) {
		switch {
		case end == "":
			out.WriteString(line)
			end = delimiterOf(line)
		case strings.TrimSpace(line) == end:
			end = ""
		}
	}
	return out.String()
}

// delimiterOf returns the word that ends the here-document which begins behind a line, or "" if none does or a shell
// reads it.
func delimiterOf(line string) string {
	before, after, found := strings.Cut(line, "<<")
	first, _, _ := strings.Cut(strings.TrimLeft(before, " \t@-+"), " ")
	if !found || strings.HasPrefix(after, "<") || slices.Contains(shells, path.Base(first)) {
		return ""
	}
	word := strings.TrimLeft(strings.TrimPrefix(after, "-"), " \t")
	word = strings.TrimLeft(word, "'\"\\")
	end := strings.IndexFunc(word, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if end < 0 {
		return word
	}
	return word[:end]
}

// opensArray reports whether what follows is the list of an array: "files=(a b)".
func (l *lexer) opensArray(rest string) bool {
	return rest[0] == '(' && l.quote == 0 && !l.escaped && l.open && strings.HasSuffix(l.word.String(), "=")
}

// lengthOfArray returns the length of a list in parentheses at the beginning of a text.
func lengthOfArray(text string) int {
	open := 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}
