package pipeline

import (
	"strings"
	"unicode"
)

// Plain reports whether a text of a project, such as a path, means nothing but itself wherever a pipeline has it: in YAML, in
// an expression of a CI system, and in a script between single quotes.
func Plain(text string) bool { return Visible(text) == text && !strings.Contains(text, ": ") }

// Visible returns a text of a project for a comment, with "?" for each character that may mean something.
func Visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" _-./+@~=,:()[]", r) {
			return r
		}
		return '?'
	}, text)
}
