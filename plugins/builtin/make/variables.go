package make

import "strings"

// The variables are those of a Makefile, as far as its text defines them.
type variables struct {
	set         map[string]variable
	files       files
	dir         string   // the folder in the project that make runs in
	filesRead   []string // the Makefiles read so far
	target      string   // the value of $@
	firstPrereq string   // the value of $<
	budget      int      // how many bytes may still be processed
}

type variable struct {
	text    string
	final   bool // text is not expanded again, as after :=
	unknown bool // only make knows the value
}

// maxDepth limits the nesting of variables in variables.
const maxDepth = 24

// builtin are variables that make itself sets, as far as they are needed to recognise a compiler or make.
var builtin = map[string]string{
	"MAKE": "make", "CC": "cc", "CXX": "g++", "CPP": "cc -E", "AR": "ar", "AS": "as", "LD": "ld",
	"FC": "f77", "RM": "rm -f", "CURDIR": ".", "PWD": ".", "SHELL": "/bin/sh", "LEX": "lex", "YACC": "yacc",
}

// expand replaces references by values. It returns false if only make knows a part, such as $(shell …).
func (v *variables) expand(s string) (text string, ok bool) { return v.expandAt(s, 0) }

func (v *variables) expandAt(s string, depth int) (string, bool) {
	if !strings.Contains(s, "$") {
		return s, true
	}
	if v.spend(len(s)) || depth > maxDepth {
		return "", false
	}
	var b strings.Builder
	all := true
	for {
		i := strings.IndexByte(s, '$')
		if i < 0 {
			b.WriteString(s)
			return b.String(), all && !v.spend(b.Len())
		}
		b.WriteString(s[:i])
		end := endOfRef(s, i)
		text, ok := v.ref(s[i+1:end], depth)
		b.WriteString(text)
		all = all && ok
		s = s[end:]
	}
}

// spend takes n bytes from the budget, and reports whether it is exceeded.
func (v *variables) spend(n int) bool {
	v.budget -= n + 1
	return v.budget < 0
}

// ref returns the value of a reference without its "$": "x", "(NAME)", "(NAME:.c=.o)", "(function
// arguments)".
func (v *variables) ref(body string, depth int) (string, bool) {
	if body == "" || body == "$" {
		return body, true
	}
	if body[0] != '(' && body[0] != '{' {
		return v.value(body, depth)
	}
	body = body[1:max(1, len(body)-1)]
	if name, args, isCall := strings.Cut(strings.Replace(body, "\t", " ", 1), " "); isCall &&
		plainName(name) {
		return v.call(name, args, depth)
	}
	if name, rule, isSubst := strings.Cut(body, ":"); isSubst && !strings.Contains(name, "$") {
		return v.substitute(name, rule, depth)
	}
	name, ok := v.expandAt(body, depth+1)
	if !ok {
		return "", false
	}
	return v.value(name, depth)
}

func plainName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") == ""
}

func (v *variables) value(name string, depth int) (string, bool) {
	switch x, ok := v.set[name]; {
	case ok && x.unknown:
		return "", false
	case ok && x.final:
		return x.text, !v.spend(len(x.text))
	case ok:
		return v.expandAt(x.text, depth+1)
	case name == "@":
		return v.target, true
	case name == "<" && v.firstPrereq != "":
		return v.firstPrereq, true
	case name == "MAKEFILE_LIST":
		return strings.Join(v.filesRead, " "), true
	}
	return builtin[name], !strings.ContainsAny(name, "@<^?*%|")
}

// substitute evaluates $(NAME:.c=.o) and $(NAME:%.c=%.o).
func (v *variables) substitute(name, rule string, depth int) (string, bool) {
	from, to, ok := strings.Cut(rule, "=")
	value, known := v.value(name, depth)
	if !ok || !known {
		return "", false
	}
	if !strings.Contains(from, "%") {
		from, to = "%"+from, "%"+to
	}
	return v.call("patsubst", from+","+to+","+value, depth)
}

// words returns the expanded words of s, and whether all of them are known. Unknown ones are left out.
func (v *variables) words(s string) (out []string, all bool) {
	all = true
	for _, f := range fields(s) {
		text, ok := v.expand(f)
		if all = all && ok; ok {
			out = append(out, strings.Fields(text)...)
		}
	}
	return out, all
}

// expandRecipe returns a line of a recipe with its known variables expanded and without the others. The
// target and its first prerequisite are the values of $@ and $<.
func (v *variables) expandRecipe(s, self, first string) string {
	v.target, v.firstPrereq = self, first
	text, _ := v.expand(s)
	v.target, v.firstPrereq = "", ""
	return text
}

// assign assigns a variable. The operator is one of = := ::= :::= ?= += !=.
func (v *variables) assign(name, op, value string) {
	old, exists := v.set[name]
	switch {
	case op == "?=" && exists || v.spend(len(value)):
	case op == "!=":
		v.set[name] = variable{unknown: true}
	case op == "+=" && exists:
		v.set[name] = v.appended(old, value)
	case strings.HasPrefix(op, ":"):
		text, ok := v.expand(value)
		v.set[name] = variable{text: text, final: true, unknown: !ok && text == ""}
	default:
		v.set[name] = variable{text: value}
	}
}

func (v *variables) appended(old variable, value string) variable {
	if old.final {
		value, _ = v.expand(value)
	}
	if old.unknown || v.spend(len(old.text)) {
		return old
	}
	old.text += " " + value
	return old
}
