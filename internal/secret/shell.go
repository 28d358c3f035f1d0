package secret

import (
	"slices"
	"strings"
)

// wordEnds are the characters that end a word of a shell, or a piece of one.
const wordEnds = " \t\r\n;&|<>()`\"'\\"

// Values returns the values of secrets in a text. A text may be that of a shell, for which a value ends before what
// has a meaning there, as ";": such a value is returned as the text has it, as the shell takes it, and without what
// stands behind it.
func (n Names) Values(text string) (values []string) {
	for _, s := range n.spans(text) {
		value := text[s.Start:s.End]
		values = append(values, value)
		if s.Start > 0 && strings.IndexByte(`"'`, text[s.Start-1]) >= 0 {
			values = append(values, shellWord(text[s.Start-1:]))
			continue
		}
		value = strings.TrimLeft(value, "-=?+") // ${PASSWORD:-value}
		if end := strings.IndexAny(value, wordEnds); end >= 0 {
			values = append(values, value[:end])
		}
		values = append(values, value, shellWord(text[s.Start:wordLimit(text, s.End)]))
	}
	slices.Sort(values)
	return slices.DeleteFunc(slices.Compact(values), Empty)
}

// wordLimit returns where a word of a shell ends at the latest that begins with a value. The password of an address ends
// before the "@": the host and the path are no secrets.
func wordLimit(text string, end int) int {
	if strings.HasPrefix(text[end:], "@") {
		return end
	}
	return len(text)
}

// shellWord returns the word at the beginning of a text as a shell takes it: without quotes and backslashes. It ends
// at a quote that is not closed.
func shellWord(text string) string {
	var word strings.Builder
	quote, opened := byte(0), 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == quote:
			quote = 0
		case c == '\\' && quote != '\'' && i+1 < len(text) && isEscaped(quote, text[i+1]):
			i++
			word.WriteByte(text[i])
		case quote != 0:
			word.WriteByte(c)
		case c == '"' || c == '\'':
			quote, opened = c, word.Len()
		case strings.IndexByte(wordEnds, c) >= 0:
			return word.String()
		default:
			word.WriteByte(c)
		}
	}
	if quote != 0 {
		return word.String()[:opened]
	}
	return word.String()
}

// isEscaped reports whether a backslash before a character goes away: between double quotes only some do.
func isEscaped(quote, c byte) bool { return quote == 0 || strings.IndexByte("\"\\$`", c) >= 0 }
