package yaml

import "strings"

// splitKey splits at the ":" of a mapping.
func splitKey(text string) (key, value string, ok bool) {
	if quote := text[0]; quote == '"' || quote == '\'' {
		end := strings.IndexByte(text[1:], quote)
		if end < 0 {
			return "", "", false
		}
		key, text = text[1:end+1], text[end+2:]
		rest, found := strings.CutPrefix(text, ":")
		return key, strings.TrimSpace(rest), found
	}
	if text[0] == '{' || text[0] == '[' {
		return "", "", false
	}
	if rest, found := strings.CutSuffix(text, ":"); found && !strings.Contains(text, ": ") {
		return strings.TrimSpace(rest), "", true
	}
	key, value, ok = strings.Cut(text, ": ")
	return strings.TrimSpace(key), strings.TrimSpace(value), ok
}

// withoutComment removes the comment from a value.
func withoutComment(value string) string {
	if value == "" || value[0] == '#' {
		return ""
	}
	if value[0] == '"' || value[0] == '\'' {
		if end := closingQuote(value); end > 0 {
			return value[:end+1]
		}
		return value
	}
	value, _, _ = strings.Cut(value, " #")
	return strings.TrimSpace(value)
}

// closingQuote returns the index of the quote that ends the scalar which a text begins with, or -1. A single
// quote is doubled inside, and a double one has a backslash before it.
func closingQuote(text string) int {
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case quote == '"' && text[i] == '\\':
			i++
		case quote == '\'' && strings.HasPrefix(text[i:], "''"):
			i++
		case text[i] == quote:
			return i
		}
	}
	return -1
}

var escapes = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n", `\t`, "\t", `\/`, "/")

// unquote returns the text of a scalar that may be in quotes.
func unquote(s string) string {
	if len(s) < 2 || s[len(s)-1] != s[0] {
		return s
	}
	inner := s[1 : len(s)-1]
	switch s[0] {
	case '"':
		return escapes.Replace(inner)
	case '\'':
		return strings.ReplaceAll(inner, "''", "'")
	}
	return s
}
