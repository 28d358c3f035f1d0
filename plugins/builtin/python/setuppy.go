package python

import (
	"strings"
)

// A setupPy is the text of setup.py. Its methods return the arguments of setup() that are literals, or
// variables with a literal value, without running it.
type setupPy struct{ text string }

// str returns the string value of an argument, or "" if it is computed.
func (s setupPy) str(arg string) string {
	v, _ := s.value(arg)
	return stringOf(v)
}

// stringOf returns the value of an expression that is one string literal.
func stringOf(v string) string {
	v = strings.TrimLeft(strings.TrimSpace(v), "ru")
	if v == "" || v[0] != '\'' && v[0] != '"' || stringEnd(v) != len(v) {
		return ""
	}
	return content(v)
}

// attribute returns the name in an argument that is an attribute which modules of a package have: "__title__" of
// about["__title__"] and of oar.__title__.
func (s setupPy) attribute(arg string) string {
	call := strings.LastIndex(s.text, "setup(")
	if call < 0 {
		return ""
	}
	v, _ := expression(s.text[call:], arg)
	return dunder().FindString(v)
}

// dunder matches the name of an attribute that a module has for its package.
var dunder = lazyRegexp(`__\w+__`)

// list returns the strings of a list argument.
func (s setupPy) list(arg string) []string {
	v, _ := s.value(arg)
	return listOf(v)
}

// listOf returns the strings of an expression if it is a literal list, since the result of a call is not
// known.
func listOf(v string) []string {
	if v == "" || v[0] != '[' && v[0] != '(' || endOfExpression(v) != len(v) ||
		strings.Contains(strings.Trim(v, "[]() \t\n"), "for ") {
		return nil
	}
	return literals(v)
}

// dict returns the lists of a dictionary argument, by key.
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

// resolve returns the strings of a list, or of a variable with a list.
func (s setupPy) resolve(value string) []string {
	if name := identifier(value); name == value && name != "" {
		value, _ = s.assigned(name)
	}
	if strings.HasPrefix(value, "'") || strings.HasPrefix(value, `"`) {
		return literals(value)
	}
	return listOf(value)
}

// value returns the expression of an argument. For a variable, it returns the expression assigned to it.
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

// assigned returns the expression in `name = …` at the beginning of a line.
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

// expression returns the expression after `arg=`, where arg is a whole word.
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

// rightSide returns the expression after "=", up to the comma, bracket or line break that ends it.
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

// topIndex returns the index of the first of the ends in an expression, or -1. What is in a bracket, a string
// or a comment does not count.
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

// stringEnd returns the length of the string literal that text begins with.
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

// literals returns the string literals in an expression. Adjacent literals ("a" "b") count separately; lists
// of dependencies have none.
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

// content returns the text of a string literal with one or three quotes.
func content(literal string) string {
	for _, n := range []int{3, 1} {
		quote := strings.Repeat(literal[:1], n)
		if len(literal) >= 2*n && strings.HasPrefix(literal, quote) && strings.HasSuffix(literal, quote) {
			return literal[n : len(literal)-n]
		}
	}
	return ""
}

// splitTop splits a text at the separators outside of brackets, strings and comments.
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

// identifier returns the name at the beginning of an expression.
func identifier(text string) string {
	for i, c := range text {
		if c != '_' && !letter(c) && (i == 0 || c < '0' || c > '9') {
			return text[:i]
		}
	}
	return text
}
