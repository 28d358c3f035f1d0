package main

import "strings"

// indexOutsideRefs returns the index of the first of chars in s that stands outside of $(…) and has no backslash before it, or -1.
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

// endOfRef returns the index behind the reference that the "$" at s[i] begins: $x, $(…), ${…}.
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

// fields splits s at white space, but not inside of $(…).
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

// uncomment splits s at the "#" that begins a comment.
func uncomment(s string) (text, comment string) {
	i := indexOutsideRefs(s, "#")
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i:]
}

// continued tells whether a line goes on in the next one: it ends in an odd number of backslashes.
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
