package recipes

import (
	"os"
	"strings"
)

// unrolled returns a script once for each value of its loops over words that are written out, with the values in the place of
// the variables: "for d in api web; do (cd $d && make); done". Of several loops, each script has the next values. One without
// such a loop is returned as it is.
func unrolled(script string) (all []string) {
	if !strings.Contains(script, "for ") {
		return []string{script}
	}
	plain := strings.ReplaceAll(script, "$$", "$") // as make reads it
	loops, rounds := loopsIn(plain), 0
	for _, l := range loops {
		rounds = max(rounds, len(l.values))
	}
	if rounds == 0 {
		return []string{script}
	}
	for i := range rounds {
		text := plain
		for k := len(loops) - 1; k >= 0; k-- { // an inner loop is behind the beginning of the outer one
			text = loops[k].round(text, i)
		}
		all = append(all, text)
	}
	return all
}

// maxValues is how many values of a loop are read.
const maxValues = 50

// A loop is one over words that are written out.
type loop struct {
	at     int // in the script
	name   string
	values []string
}

// loopsIn returns the loops of a script whose values are written out.
func loopsIn(script string) (all []loop) {
	for at := 0; ; {
		next := strings.Index(script[at:], "for ")
		if next < 0 {
			return all
		}
		begin := at + next
		at = begin + len("for ")
		if begin > 0 && !strings.ContainsRune(" \t\n;@({", rune(script[begin-1])) {
			continue
		}
		words, plain := listAt(script[at:])
		if plain && len(words) > 2 && words[1] == "in" && len(words)-2 <= maxValues {
			all = append(all, loop{begin, words[0], words[2:]})
		}
	}
}

// listAt returns the words at the beginning of a text, without quotes, and reports whether the shell changes none of them.
func listAt(text string) (words []string, plain bool) {
	list, _, _ := strings.Cut(strings.ReplaceAll(text, "\n", ";"), ";")
	if !strings.ContainsAny(list, "'\"") {
		return strings.Fields(list), !strings.ContainsAny(list, "$`*?")
	}
	l := &lexer{text: text}
	for l.at < len(text) && len(l.commands) == 0 {
		l.step()
	}
	if len(l.commands) == 0 {
		return nil, false
	}
	words = l.commands[0].words
	return words, !strings.ContainsAny(text[:l.at], "$`*?") && !strings.ContainsAny(strings.Join(words, ""), `'"\()`)
}

// round returns a script with the value of a round of the loop in the place of the variable. A loop with fewer values has its
// last one.
func (l loop) round(script string, i int) string {
	value, end := l.values[min(i, len(l.values)-1)], l.at+lengthOfLoop(script[l.at:])
	return script[:l.at] + os.Expand(script[l.at:end], func(of string) string {
		if of == l.name {
			return value
		}
		return "${" + of + "}"
	}) + script[end:]
}

// lengthOfLoop returns the length of the loop at the beginning of a text, up to its "done".
func lengthOfLoop(text string) int {
	depth := 0
	for at := 0; at < len(text); at++ {
		switch {
		case at > 0 && !strings.ContainsRune(" \t\n;", rune(text[at-1])):
		case isWordAt(text, at, "do", ";\n"):
			depth++
		case isWordAt(text, at, "done", ";\n&)}"):
			if depth--; depth <= 0 {
				return at + len("done")
			}
		}
	}
	return len(text)
}

// isWordAt reports whether a text has a word of the shell at an index, behind one of some signs.
func isWordAt(text string, at int, word, behind string) bool {
	rest, ok := strings.CutPrefix(text[at:], word)
	before := strings.TrimRight(text[:at], " \t")
	return ok && (rest == "" || strings.ContainsRune(" \t\n;|&)>", rune(rest[0]))) &&
		before != "" && strings.ContainsRune(behind, rune(before[len(before)-1]))
}
