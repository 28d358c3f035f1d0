package main

import "strings"

// variables are the variables of a Makefile as far as text alone tells them.
type variables struct {
	set         map[string]variable
	files       files
	dir         string   // the folder that make runs in, in the project
	filesRead   []string // the Makefiles read so far
	target      string   // the value of $@
	firstPrereq string   // the value of $<
	budget      int      // bytes of work that may still be done, so that no file takes long
}

type variable struct {
	text    string
	final   bool // text is not expanded again, as after :=
	unknown bool // only make can know it
}

// maxDepth of variables in variables.
const maxDepth = 24

// builtin are the variables that make itself sets, as far as they tell a compiler or make from other commands.
var builtin = map[string]string{
	"MAKE": "make", "CC": "cc", "CXX": "g++", "CPP": "cc -E", "AR": "ar", "AS": "as", "LD": "ld", "FC": "f77", "RM": "rm -f",
	"CURDIR": ".", "PWD": ".", "SHELL": "/bin/sh", "LEX": "lex", "YACC": "yacc",
}

// expand puts values in the place of references. ok is false when a part is known to make alone, such as $(shell …).
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

// spend counts work, and tells whether there was too much of it.
func (v *variables) spend(n int) bool {
	v.budget -= n + 1
	return v.budget < 0
}

// ref is the value of a reference without its "$": "x", "(NAME)", "(NAME:.c=.o)", "(function arguments)".
func (v *variables) ref(body string, depth int) (string, bool) {
	if body == "" || body == "$" {
		return body, true
	}
	if body[0] != '(' && body[0] != '{' {
		return v.value(body, depth)
	}
	body = body[1:max(1, len(body)-1)]
	if name, args, isCall := strings.Cut(strings.Replace(body, "\t", " ", 1), " "); isCall && plainName(name) {
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

// substitute is $(NAME:.c=.o) and $(NAME:%.c=%.o).
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

// words are the words of s, expanded; a word that only make knows is left out, and makes all false.
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

// expandRecipe is s, a line of a recipe for self of which first is the first prerequisite, with what is known put in and the rest
// left out.
func (v *variables) expandRecipe(s, self, first string) string {
	v.target, v.firstPrereq = self, first
	text, _ := v.expand(s)
	v.target, v.firstPrereq = "", ""
	return text
}

// assign does what the assignment says. op is one of = := ::= :::= ?= += !=.
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
