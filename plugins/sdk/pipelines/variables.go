package pipelines

import "strings"

// nextExpression returns the first value of the matrix or of a variable in a text, "${{ matrix.features }}", and its
// key without "matrix.", or an expression that chooses between texts; "" if there is none. Other expressions are left as they
// are.
func nextExpression(text string) (found, key string) {
	for {
		begin := strings.Index(text, "${{")
		if begin < 0 {
			return "", ""
		}
		text = text[begin:]
		inner, _, ok := strings.Cut(text[3:], "}}")
		if !ok {
			return "", ""
		}
		found = text[:len(inner)+5]
		if key = keyOf(inner); key != "" {
			_, key, _ = strings.Cut(key, ".")
			return found, key
		}
		if len(outcomes(inner)) > 0 {
			return found, inner
		}
		text = text[len(found):]
	}
}

// keyOf returns "matrix.features" of an expression " matrix.features || ” ", and "" of any other.
func keyOf(inner string) string {
	key := strings.TrimSpace(inner)
	if value, other, ok := strings.Cut(key, "||"); ok && strings.TrimSpace(other) == "''" {
		key = strings.TrimSpace(value)
	}
	if rest, ok := strings.CutPrefix(key, "matrix."); ok && isKey(rest) {
		return key
	}
	if rest, ok := strings.CutPrefix(key, "env."); ok && isKey(rest) {
		return key
	}
	return ""
}

func isKey(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return !isWord(r) && r != '.' && r != '-' })
}

func isWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
}

// nesting is how deep the values of variables are looked into for others.
const nesting = 4

// withVariables replaces the variables that a workflow sets: "$NAME", "${NAME}" and "${{ env.NAME }}".
func withVariables(text string, env []string) string { return withNested(text, env, nesting) }

func withNested(text string, env []string, depth int) string {
	if len(env) == 0 || depth == 0 || strings.IndexByte(text, '$') < 0 {
		return text
	}
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "$")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		name, length := variableIn(rest)
		if value, set := lastOf(env, name); set {
			out.WriteString(withNested(value, env, depth-1))
		} else {
			out.WriteString("$" + rest[:length])
		}
		text = rest[length:]
	}
}

// variableIn returns the name of the variable that a text begins with, behind its "$", and the length of what stands
// for it there.
func variableIn(rest string) (name string, length int) {
	switch {
	case strings.HasPrefix(rest, "{{"):
		inner, _, ok := strings.Cut(rest[2:], "}}")
		if !ok {
			return "", 0
		}
		name, _ = strings.CutPrefix(keyOf(inner), "env.")
		if strings.HasPrefix(name, "matrix.") {
			name = ""
		}
		return name, len(inner) + 4
	case strings.HasPrefix(rest, "{"):
		name, _, ok := strings.Cut(rest[1:], "}")
		if !ok || strings.ContainsFunc(name, func(r rune) bool { return !isWord(r) }) {
			return "", 0
		}
		return name, len(name) + 2
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return !isWord(r) })
	if end < 0 {
		end = len(rest)
	}
	return rest[:end], end
}

// lastOf returns the value of a variable, that of the last pair.
func lastOf(env []string, name string) (value string, set bool) {
	for i := len(env) - 1; i >= 0 && name != ""; i-- {
		if value, ok := strings.CutPrefix(env[i], name+"="); ok {
			return value, true
		}
	}
	return "", false
}
