package recipes

import (
	"maps"
	"slices"
	"strings"
)

// functions are the functions of a script of a shell, by their names.
type functions map[string]string

// withoutFunctions takes the functions out of a script. A command that defines one succeeds.
func withoutFunctions(script string) (rest string, found functions) {
	found = functions{}
	rest = replaceFunctions(script, func(name, body, _ string) string {
		found[name] = body
		return ":"
	})
	return rest, found
}

// keptApart returns a script with marks in the place of its functions, and their texts.
func keptApart(script string) (rest string, texts []string) {
	rest = replaceFunctions(script, func(_, _, text string) string {
		texts = append(texts, text)
		return markOf(len(texts) - 1)
	})
	return rest, texts
}

// replaceFunctions returns a script with each of its functions replaced.
func replaceFunctions(script string, by func(name, body, text string) string) string {
	if !strings.Contains(script, "()") && !strings.Contains(script, "function ") {
		return script
	}
	var out strings.Builder
	for at := 0; at < len(script); {
		name, open := functionAt(script, at)
		if name == "" {
			out.WriteByte(script[at])
			at++
			continue
		}
		length := lengthOfBody(script[open:])
		if length == 0 { // it is not closed, as where the text is no script of a shell
			out.WriteString(script[at:open])
			at = open
			continue
		}
		out.WriteString(by(name, script[open+1:open+length-1], script[at:open+length]))
		at = open + length
	}
	return out.String()
}

// functionAt returns the name of the function that a script defines at an index, and the index of its brace: "f() {",
// "function f {". The name is "" if it defines none there.
func functionAt(script string, at int) (name string, open int) {
	if !isNameByte(script[at]) {
		return "", 0
	}
	if before := strings.TrimRight(script[:at], " \t"); before != "" && !strings.ContainsAny(before[len(before)-1:], "\n;&{(@") ||
		at > 0 && isNameByte(script[at-1]) {
		return "", 0
	}
	rest, keyword := strings.CutPrefix(script[at:], "function ")
	rest = strings.TrimLeft(rest, " ")
	length := 0
	for length < len(rest) && isNameByte(rest[length]) {
		length++
	}
	name, rest = rest[:length], strings.TrimLeft(rest[length:], " \t")
	rest, parentheses := strings.CutPrefix(rest, "()")
	rest = strings.TrimLeft(rest, " \t\n")
	if name == "" || !keyword && !parentheses || !strings.HasPrefix(rest, "{") {
		return "", 0
	}
	return name, len(script) - len(rest)
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_-.:", c) >= 0
}

// lengthOfBody returns the length of the braces at the beginning of a text and of what is in them; 0 if they are not
// closed. What is in quotes and in comments does not count.
func lengthOfBody(text string) int {
	depth, quote := 0, byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '#' && strings.ContainsRune(" \t\n;", rune(text[i-1])):
			line, _, _ := strings.Cut(text[i:], "\n")
			i += len(line) - 1
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// maxCalls is how deep functions may call each other.
const maxCalls = 4

// expanded returns commands with those of functions in the place of their calls.
func (fs functions) expanded(commands []command, whole string, depth int, called map[string]bool) (all []command) {
	for _, c := range commands {
		words := c.unwrapped().words
		body, ok := "", false
		if len(words) > 0 && depth < maxCalls && !c.pattern {
			body, ok = fs[words[0]]
		}
		if !ok {
			all = append(all, c)
			continue
		}
		called[words[0]] = true
		inner := fs.judged(fs.shellOf(c), WithArguments(body, words[1:]), whole, c.dir, depth+1, called)
		for _, one := range inner {
			all = append(all, one.within(c.unwrapped()))
		}
	}
	return all
}

// shellOf returns how a function is run: where its status is asked for, its failures do not end the script.
func (functions) shellOf(c command) Shell {
	if c.errexit && c.after != "||" && c.after != "&&" && !slices.Contains([]string{"if", "elif", "while", "until", "!"}, c.words[0]) {
		return Errexit
	}
	return Plain
}

// within returns a command of a function with what is known of the call.
func (c command) within(call command) command {
	if c.condition == "" {
		c.condition = call.condition
	}
	if c.settled {
		return c
	}
	c.ignored = c.ignored || call.ignored
	if c.hidden == "" {
		c.hidden = call.hidden
	}
	return c
}

// judged splits a script into its commands with those of functions, and says of each what its failure means in the whole
// script.
func (fs functions) judged(shell Shell, script, whole, dir string, depth int, called map[string]bool) (all []command) {
	for _, text := range unrolled(script) {
		all = append(all, fs.expanded(judged(splitPlain(text, dir), text, whole, shell), whole, depth, called)...)
	}
	return all
}

// uncalled returns the commands of the functions that nobody calls by name, of which nothing is known.
func (fs functions) uncalled(dir string, called map[string]bool) (all []command) {
	for _, name := range slices.Sorted(maps.Keys(fs)) {
		if !called[name] {
			all = append(all, splitPlain(fs[name], dir)...)
		}
	}
	return all
}
