package recipes

import (
	"path"
	"slices"
	"strings"
)

// withoutDocuments returns a script without its here-documents, which are text: "cat <<EOF". Those that a shell reads are
// commands, and stay without the line that ends them. What has no end is no document: "$((1<<2))".
func withoutDocuments(script string) string {
	if !strings.Contains(script, "<<") {
		return script
	}
	var out strings.Builder
	lines := slices.Collect(strings.Lines(script))
	for i := 0; i < len(lines); i++ {
		out.WriteString(lines[i])
		end, commands := delimiterOf(lines[i])
		length := slices.IndexFunc(lines[i+1:], func(line string) bool { return strings.TrimSpace(line) == end })
		if end == "" || length < 0 {
			continue
		}
		if commands {
			out.WriteString(strings.Join(lines[i+1:i+1+length], ""))
		}
		i += length + 1
	}
	return out.String()
}

// delimiterOf returns the word that ends the here-document which begins behind a line, or "", and reports whether a shell
// reads it.
func delimiterOf(line string) (end string, commands bool) {
	before, after, found := strings.Cut(line, "<<")
	if !found || strings.HasPrefix(after, "<") {
		return "", false
	}
	first := command{words: strings.Fields(before)}.unwrapped().words
	word := strings.TrimLeft(strings.TrimPrefix(after, "-"), " \t")
	if quote := strings.IndexAny(word, "'\""); quote == 0 {
		end, _, _ = strings.Cut(word[1:], word[:1])
	} else if ends := strings.IndexAny(word, " \t\r\n;|&<>()"); ends >= 0 {
		end = strings.TrimPrefix(word[:ends], "\\")
	} else {
		end = strings.TrimPrefix(word, "\\")
	}
	return end, len(first) > 0 && slices.Contains(shells, path.Base(first[0]))
}

// opensArray reports whether what follows is the list of an array: "files=(a b)".
func (l *lexer) opensArray(rest string) bool {
	return rest[0] == '(' && l.quote == 0 && !l.escaped && l.open && strings.HasSuffix(l.word.String(), "=")
}

// LengthOfParentheses returns the length of what stands in parentheses at the beginning of a text, with them: that of
// the whole text if they are not closed.
func LengthOfParentheses(text string) int {
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
