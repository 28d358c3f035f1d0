package node

import (
	"slices"
	"strings"
)

// A command is one simple command of a script: its words, without quotes.
type command []string

// A statement is a command where it stands in the text of a script.
type statement struct {
	words command
	spans []span // of the words, with their quotes
}

// A span is a part of a text, in bytes.
type span struct{ from, to int }

// split splits a script into its commands at && || ; | & and line breaks outside of quotes. It is no shell
// and does not expand anything.
func split(script string) (out []command) {
	for _, s := range scan(script) {
		out = append(out, s.words)
	}
	return out
}

// scan does the same and returns where the words are.
func scan(script string) []statement {
	var l lexer
	for at, r := range script {
		l.at = at
		l.next(r)
	}
	l.at = len(script)
	l.endCommand()
	return l.statements
}

// A lexer is the state of scan between two characters.
type lexer struct {
	statements []statement
	current    statement
	word       strings.Builder
	at, from   int  // where the character and the word are in the script
	open       bool // a word has begun, even an empty one
	quote      rune // the quote that is open, or 0
	escaped    bool
}

func (l *lexer) next(r rune) {
	switch {
	case l.escaped:
		l.escaped = false
		l.add(r)
	case r == '\\' && l.quote != '\'':
		l.escaped = true
		l.begin()
	case l.quote != 0 && r == l.quote:
		l.quote = 0
	case l.quote != 0:
		l.add(r)
	case r == '\'' || r == '"':
		l.quote = r
		l.begin()
	case strings.ContainsRune(";|&\n", r):
		l.endCommand()
	case r == ' ' || r == '\t' || r == '\r' || r == '(' || r == ')':
		l.endWord()
	default:
		l.add(r)
	}
}

func (l *lexer) begin() {
	if !l.open {
		l.open, l.from = true, l.at
	}
}

func (l *lexer) add(r rune) {
	l.begin()
	l.word.WriteRune(r)
}

func (l *lexer) endWord() {
	if l.open {
		l.current.words = append(l.current.words, l.word.String())
		l.current.spans = append(l.current.spans, span{l.from, l.at})
	}
	l.word.Reset()
	l.open = false
}

func (l *lexer) endCommand() {
	l.endWord()
	if len(l.current.words) > 0 {
		l.statements = append(l.statements, l.current)
	}
	l.current = statement{}
}

// unwrapped returns the command without its wrappers: variables, cross-env, npx, c8, a path to node_modules.
func (c command) unwrapped() command {
	for len(c) > 1 {
		rest := c.unwrap()
		if rest == nil {
			break
		}
		c = rest
	}
	if len(c) > 0 {
		c = slices.Clone(c)
		c[0] = base(c[0])
	}
	return c
}

// unwrap removes one wrapper, or returns nil if there is none.
func (c command) unwrap() command {
	switch first := base(c[0]); {
	case assignment(first),
		slices.Contains([]string{"cross-env", "cross-env-shell", "env", "exec", "command", "time"}, first):
		return c[1:]
	case slices.Contains([]string{"npx", "bunx", "pnpx"}, first):
		return c[1:].afterFlags()
	case slices.Contains([]string{"npm", "pnpm", "yarn", "bun"}, first) &&
		slices.Contains([]string{"exec", "x", "dlx"}, c[1]):
		return c[2:].afterFlags()
	case slices.Contains([]string{"c8", "nyc"}, first):
		return c[1:].afterCoverage()
	case slices.Contains([]string{"dotenv", "dotenvx", "env-cmd"}, first) && slices.Contains(c, "--"):
		return c[slices.Index(c, "--")+1:]
	case first == "node":
		return c.moduleProgram()
	}
	return nil
}

// moduleProgram returns the command that "node [flags] node_modules/…/bin/jest.js" runs, or nil.
func (c command) moduleProgram() command {
	for i, word := range c[1:] {
		if strings.HasPrefix(word, "-") {
			continue
		}
		if strings.Contains(word, "node_modules/") {
			return c[i+1:]
		}
		return nil
	}
	return nil
}

func (c command) afterFlags() command {
	for len(c) > 0 && strings.HasPrefix(c[0], "-") {
		c = c[1:]
	}
	if len(c) == 0 {
		return nil
	}
	return c
}

// afterCoverage skips the flags of a coverage tool and their values, and returns the command of the test
// runner.
func (c command) afterCoverage() command {
	for i, word := range c {
		if slices.Contains(runners, base(word)) ||
			slices.Contains([]string{"node", "tsx", "npm", "pnpm", "yarn", "npx", "cross-env"}, base(word)) {
			return c[i:]
		}
	}
	return c.afterFlags()
}

// base returns the name of a program or, for a path in node_modules, the name of its package.
func base(word string) string {
	_, inside, ok := strings.Cut(word, "node_modules/")
	if !ok {
		return strings.TrimPrefix(word, "_") // "_mocha" is Mocha in the process of its parent
	}
	parts := strings.Split(inside, "/")
	if len(parts) > 1 && (parts[0] == ".bin" || strings.HasPrefix(parts[0], "@")) {
		return parts[1]
	}
	return parts[0]
}

func assignment(word string) bool {
	name, _, ok := strings.Cut(word, "=")
	return ok && name != "" && !strings.HasPrefix(name, "-") && !strings.ContainsAny(name, "/:.{}<>*")
}

// flag reports whether one of the flags is among the words, with or without "=value".
func (c command) flag(names ...string) bool {
	return slices.ContainsFunc(c, func(word string) bool {
		name, _, _ := strings.Cut(word, "=")
		return slices.Contains(names, name)
	})
}

// value returns the value of a flag, after "=" or as the next word, or "".
func (c command) value(names ...string) string {
	for i, word := range c {
		name, value, ok := strings.Cut(word, "=")
		if slices.Contains(names, name) && ok {
			return value
		}
		if slices.Contains(names, word) && i+1 < len(c) {
			return c[i+1]
		}
	}
	return ""
}
