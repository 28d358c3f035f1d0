package make

import "strings"

// indexOutsideRefs returns the index of the first of the characters in s that is outside of $(…) and not
// escaped by a backslash, or -1.
func indexOutsideRefs(s, chars string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '$':
			i = endOfRef(s, i) - 1
		case strings.IndexByte(chars, s[i]) >= 0:
			return i
		}
	}
	return -1
}

// endOfRef returns the index after the reference at s[i]: $x, $(…) or ${…}.
func endOfRef(s string, i int) int {
	if i+1 >= len(s) {
		return len(s)
	}
	open, shut := s[i+1], byte(')')
	if open != '(' && open != '{' {
		return i + 2
	}
	if open == '{' {
		shut = '}'
	}
	depth := 0
	for i++; i < len(s); i++ {
		if s[i] == open {
			depth++
		} else if s[i] == shut {
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// fields splits s at white space outside of $(…).
func fields(s string) []string {
	var out []string
	for s = strings.TrimLeft(s, " \t"); s != ""; s = strings.TrimLeft(s, " \t") {
		end := indexOutsideRefs(s, " \t")
		if end < 0 {
			end = len(s)
		}
		out = append(out, s[:end])
		s = s[end:]
	}
	return out
}

// uncomment splits s at the "#" of a comment.
func uncomment(s string) (text, comment string) {
	i := indexOutsideRefs(s, "#")
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i:]
}

// continued reports whether a line continues in the next one: it ends with an odd number of backslashes.
func continued(line string) bool {
	n := len(line) - len(strings.TrimRight(line, `\`))
	return n%2 == 1
}

// cutWord splits off the first word.
func cutWord(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimSpace(s[i:])
}
