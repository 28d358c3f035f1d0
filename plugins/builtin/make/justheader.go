package make

import "strings"

// justTokens splits a line of a justfile into names, quoted strings and signs, up to a comment.
func justTokens(line string) (out []string) {
	for s := strings.TrimLeft(line, " \t"); s != "" && s[0] != '#'; s = strings.TrimLeft(s, " \t") {
		n := justToken(s)
		out = append(out, s[:n])
		s = s[n:]
	}
	return out
}

// justToken returns the length of the token that s begins with.
func justToken(s string) int {
	if quote := opening(s); quote != "" {
		if n := closing(s[len(quote):], quote); n >= 0 {
			return 2*len(quote) + n
		}
		return len(s)
	}
	for _, sign := range []string{":=", "&&", "::"} {
		if strings.HasPrefix(s, sign) {
			return 2
		}
	}
	n := 0
	for n < len(s) && nameByte(s[n]) {
		n++
	}
	return max(1, n)
}

func nameByte(c byte) bool {
	return c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// opening returns the quote at the beginning of s, or "".
func opening(s string) string {
	for _, q := range []string{`"""`, `'''`, "```", `"`, `'`, "`"} {
		if strings.HasPrefix(s, q) {
			return q
		}
	}
	return ""
}

// closing returns the index of the closing quote in s, or -1. In double quotes, a backslash escapes the next
// character.
func closing(s, quote string) int {
	if quote[0] != '"' {
		return strings.Index(s, quote)
	}
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
		} else if strings.HasPrefix(s[i:], quote) {
			return i
		}
	}
	return -1
}

// unclosed returns the quote of a string that is not closed in its line, or "".
func unclosed(line string) string {
	for s := line; s != "" && s[0] != '#'; {
		quote := opening(s)
		if quote != "" && closing(s[len(quote):], quote) < 0 {
			return quote
		}
		s = strings.TrimLeft(s[justToken(s):], " \t")
	}
	return ""
}

// justHeader parses the tokens of "@name a b='x' *c: one (two 'x') && three". The required parameters are
// those without a value.
func justHeader(tokens []string) (name string, required, needs []string, ok bool) {
	if tokens[0] == "@" {
		tokens = tokens[1:]
	}
	if len(tokens) < 2 || !nameByte(tokens[0][0]) || tokens[0][0] == '-' {
		return "", nil, nil, false
	}
	name, rest := tokens[0], tokens[1:]
	for len(rest) > 0 && rest[0] != ":" {
		var requiredName string
		if requiredName, rest = justParameter(rest); requiredName != "" {
			required = append(required, requiredName)
		}
	}
	if len(rest) == 0 {
		return "", nil, nil, false
	}
	return name, required, justNeeds(rest[1:]), true
}

// justParameter removes one parameter from the tokens, and returns its name if it has no value.
func justParameter(tokens []string) (requiredName string, rest []string) {
	optional := tokens[0] == "*"
	for len(tokens) > 1 && (tokens[0] == "*" || tokens[0] == "+" || tokens[0] == "$") {
		tokens = tokens[1:]
	}
	name := tokens[0]
	tokens = tokens[1:]
	if len(tokens) > 1 && tokens[0] == "=" {
		return "", afterValue(tokens[1:])
	}
	if optional {
		return "", tokens
	}
	return name, tokens
}

// afterValue skips a value: a string, a name, a call or an expression in parentheses.
func afterValue(tokens []string) []string {
	if tokens[0] != "(" {
		tokens = tokens[1:]
	}
	if len(tokens) == 0 || tokens[0] != "(" {
		return tokens
	}
	depth := 0
	for i, t := range tokens {
		if t == "(" {
			depth++
		} else if t == ")" {
			depth--
		}
		if depth == 0 {
			return tokens[i+1:]
		}
	}
	return nil
}

func justNeeds(tokens []string) (needs []string) {
	depth := 0
	for i, t := range tokens {
		switch {
		case t == "(":
			depth++
		case t == ")":
			depth--
		case nameByte(t[0]) && (depth == 0 || depth == 1 && tokens[i-1] == "("):
			needs = append(needs, t)
		}
	}
	return needs
}
