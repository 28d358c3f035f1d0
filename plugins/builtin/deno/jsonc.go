package deno

import "strings"

// withoutComments returns the text of a file in JSON with comments as JSON, without commas at the ends of lists.
func withoutComments(text string) string {
	var b strings.Builder
	inString := false
	for i := 0; i < len(text); i++ {
		rest := text[i:]
		switch {
		case inString && text[i] == '\\' && len(rest) > 1:
			b.WriteString(rest[:2])
			i++
			continue
		case text[i] == '"':
			inString = !inString
		case !inString && strings.HasPrefix(rest, "//"):
			line, _, _ := strings.Cut(rest, "\n")
			i += len(line) - 1
			continue
		case !inString && strings.HasPrefix(rest, "/*"):
			comment, _, _ := strings.Cut(rest[2:], "*/")
			i += len(comment) + 3
			continue
		case !inString && text[i] == ',' && closes(rest[1:]):
			continue
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// closes reports whether a text goes on with the end of a list, after space and comments.
func closes(text string) bool {
	for {
		text = strings.TrimLeft(text, " \t\r\n")
		switch {
		case strings.HasPrefix(text, "//"):
			_, text, _ = strings.Cut(text, "\n")
		case strings.HasPrefix(text, "/*"):
			_, text, _ = strings.Cut(text, "*/")
		default:
			return strings.HasPrefix(text, "}") || strings.HasPrefix(text, "]")
		}
	}
}
