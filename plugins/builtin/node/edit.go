package node

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// An editor writes the scripts of a package anew, with other commands in place of some: a test that would
// watch files for ever runs once, and a check has no link that rewrites files.
type editor struct {
	of *manifest
	// change returns what stands in place of a command, without its wrappers, and whether that is another one.
	change func(c command) (replacement, bool)
	// failed is whether a command cannot be replaced where it stands.
	failed bool
	inside []string // the scripts whose text is being written
}

// A replacement is what stands in place of a command: words or the text of a script. Without both, it does
// nothing.
type replacement struct {
	words command
	text  string
}

// script returns the text of a script with its pre and post scripts.
func (e *editor) script(name string) string {
	var all []string
	e.inside = append(e.inside, name)
	for _, part := range []string{"pre" + name, name, "post" + name} {
		if text := e.of.Scripts[part]; text != "" {
			all = append(all, e.text(text))
		}
	}
	e.inside = e.inside[:len(e.inside)-1]
	if len(all) == 1 {
		return all[0]
	}
	return "(" + strings.Join(all, ") && (") + ")"
}

// text returns a script with its commands replaced. All else of it stays as it is written.
func (e *editor) text(script string) string {
	var out strings.Builder
	done := 0
	for _, s := range scan(script) {
		if text, from, changed := e.replace(script, s); changed {
			out.WriteString(script[done:from] + text)
			done = s.spans[len(s.spans)-1].to
		}
	}
	return out.String() + script[done:]
}

// replace returns what stands in place of a statement from an offset on, and whether that is another one.
func (e *editor) replace(script string, s statement) (text string, from int, changed bool) {
	c := s.words.unwrapped()
	wrappers := len(s.words) - len(c)
	r, changed := e.change(c)
	if !changed {
		r.text, changed = e.inlined(c)
	}
	if !changed {
		return "", 0, false
	}
	from = s.spans[wrappers].from
	switch {
	case r.text != "": // a wrapper such as cross-env takes a command and no script
		e.failed = e.failed || wrappers > 0
		return r.text, from, true
	case len(r.words) == 0:
		return "true", s.spans[0].from, true
	}
	return respell(r.words, c, script, s.spans[wrappers:]), from, true
}

// respell returns words as a command of a script. Those of the old command are written as they were, so that
// a shell still expands them.
func respell(words, old command, script string, spans []span) string {
	var out []string
	at := 0
	for _, word := range words {
		if found := slices.Index(old[at:], word); found >= 0 {
			at += found + 1
			out = append(out, script[spans[at-1].from:spans[at-1].to])
			continue
		}
		out = append(out, sdk.Quote(word))
	}
	return strings.Join(out, " ")
}

// inlined returns the text of the scripts that a command calls, if any of them changes.
func (e *editor) inlined(c command) (text string, changed bool) {
	var all []string
	for _, name := range e.of.called(c) {
		if slices.Contains(e.inside, name) {
			return "", false
		}
		changed = changed || e.changes(name)
		all = append(all, e.script(name)+quoted(c.passed(name)))
	}
	if !changed {
		return "", false
	}
	e.failed = e.failed || c[0] == "concurrently"
	return "(" + strings.Join(all, ") && (") + ")", true
}

// changes reports whether a command of a script, or of one that it calls, is replaced.
func (e *editor) changes(name string) bool {
	return e.of.script(name).any(func(c command) bool {
		_, changed := e.change(c)
		return changed
	})
}

// passed returns the arguments that a call of a script passes on to it.
func (c command) passed(name string) command {
	if at := slices.Index(c, "--"); at >= 0 {
		return c[at+1:]
	}
	if at := slices.Index(c, name); at >= 0 && c[0] != "npm" {
		return c[at+1:]
	}
	return nil
}

// quoted returns words with a space before each.
func quoted(words command) string {
	if len(words) == 0 {
		return ""
	}
	return " " + sdk.Quote(words...)
}
