package main

import "strings"

// setupPy is what can be seen in the text of setup.py without running it: arguments of setup() that are literals, or names
// that a literal was assigned to.
type setupPy struct{ text string }

// str is the string that an argument has, or "".
func (s setupPy) str(arg string) string {
	v, _ := s.value(arg)
	for _, lit := range literals(v) {
		return lit
	}
	return ""
}

// list are the strings of a list argument.
func (s setupPy) list(arg string) []string {
	v, _ := s.value(arg)
	return listOf(v)
}

// listOf are the strings of an expression that is a list and nothing else: of a call nobody knows what it returns.
func listOf(v string) []string {
	if v == "" || v[0] != '[' && v[0] != '(' || endOfExpression(v) != len(v) || strings.Contains(strings.Trim(v, "[]() \t\n"), "for ") {
		return nil
	}
	return literals(v)
}

// dict are the lists of a dictionary argument, by key.
func (s setupPy) dict(arg string) map[string][]string {
	v, ok := s.value(arg)
	if !ok || len(v) < 2 || v[0] != '{' || v[len(v)-1] != '}' {
		return nil
	}
	out := map[string][]string{}
	for _, entry := range splitTop(v[1:len(v)-1], ',') {
		key, value, found := cutTop(entry, ':')
		if names := literals(key); found && len(names) == 1 {
			out[names[0]] = s.resolve(strings.TrimSpace(value))
		}
	}
	return out
}

// resolve gives the strings of a list, or of the list that a name stands for.
func (s setupPy) resolve(value string) []string {
	if name := identifier(value); name == value && name != "" {
		value, _ = s.assigned(name)
	}
	if strings.HasPrefix(value, "'") || strings.HasPrefix(value, `"`) {
		return literals(value)
	}
	return listOf(value)
}

// value finds `arg=` among the arguments of a call and returns its expression; a name is replaced by what it was assigned.
func (s setupPy) value(arg string) (string, bool) {
	call := strings.LastIndex(s.text, "setup(")
	if call < 0 {
		return "", false
	}
	v, ok := expression(s.text[call:], arg)
	if ok && identifier(v) == v {
		return s.assigned(v)
	}
	return v, ok
}

// assigned finds `name = …` at the beginning of a line.
func (s setupPy) assigned(name string) (string, bool) {
	rest := "\n" + s.text
	for {
		_, after, found := strings.Cut(rest, "\n"+name)
		if !found {
			return "", false
		}
		if v, ok := rightSide(after); ok {
			return v, true
		}
		rest = after
	}
}

// expression finds `arg=` as a word of its own.
func expression(text, arg string) (string, bool) {
	for from := 0; ; {
		i := strings.Index(text[from:], arg)
		if i < 0 {
			return "", false
		}
		i += from
		from = i + len(arg)
		if i > 0 && strings.ContainsRune(" \t\n(,", rune(text[i-1])) {
			if v, ok := rightSide(text[from:]); ok {
				return v, true
			}
		}
	}
}

// rightSide is the expression behind "=", to the comma, bracket or line that ends it.
func rightSide(text string) (string, bool) {
	text = strings.TrimLeft(text, " \t")
	if !strings.HasPrefix(text, "=") || strings.HasPrefix(text, "==") {
		return "", false
	}
	text = strings.TrimLeft(text[1:], " \t\r\n")
	return strings.TrimSpace(text[:endOfExpression(text)]), true
}

func endOfExpression(text string) int {
	if end := topIndex(text, ",\n)]}"); end >= 0 {
		return end
	}
	return len(text)
}

// topIndex returns the index of the first of the ends in an expression, or -1. What is in a bracket, a string or a comment
// does not count.
func topIndex(text, ends string) int {
	depth := 0
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '\'' || c == '"':
			i += stringEnd(text[i:])
			continue
		case c == '#':
			i += lineEnd(text[i:])
			continue
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			if depth--; depth < 0 && strings.IndexByte(ends, c) >= 0 {
				return i
			}
		case depth == 0 && strings.IndexByte(ends, c) >= 0:
			return i
		}
		i++
	}
	return -1
}

func lineEnd(text string) int {
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return i
	}
	return len(text)
}

// stringEnd is the length of the string literal that text begins with.
func stringEnd(text string) int {
	quote := text[:1]
	if strings.HasPrefix(text, strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	for i := len(quote); i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case strings.HasPrefix(text[i:], quote):
			return i + len(quote)
		case len(quote) == 1 && text[i] == '\n':
			return i
		}
	}
	return len(text)
}

// literals are the string literals in an expression. Joined ones ("a" "b") are taken apart, which no list of dependencies has.
func literals(text string) (out []string) {
	for i := 0; i < len(text); {
		switch text[i] {
		case '\'', '"':
			n := stringEnd(text[i:])
			out = append(out, content(text[i:i+n]))
			i += n
		case '#':
			i += lineEnd(text[i:])
		default:
			i++
		}
	}
	return out
}

// content is what stands in the quotes of a literal, one or three.
func content(literal string) string {
	for _, n := range []int{3, 1} {
		quote := strings.Repeat(literal[:1], n)
		if len(literal) >= 2*n && strings.HasPrefix(literal, quote) && strings.HasSuffix(literal, quote) {
			return literal[n : len(literal)-n]
		}
	}
	return ""
}

// splitTop splits at a separator that stands in no bracket, string or comment.
func splitTop(text string, sep byte) (out []string) {
	for text != "" {
		head, tail, found := cutTop(text, sep)
		out = append(out, head)
		if !found {
			break
		}
		text = tail
	}
	return out
}

func cutTop(text string, sep byte) (head, tail string, found bool) {
	if i := topIndex(text, string(sep)); i >= 0 {
		return text[:i], text[i+1:], true
	}
	return text, "", false
}

// identifier is the name that an expression begins with.
func identifier(text string) string {
	for i, c := range text {
		if c != '_' && !letter(c) && (i == 0 || c < '0' || c > '9') {
			return text[:i]
		}
	}
	return text
}
