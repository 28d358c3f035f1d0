package make

import (
	"path"
	"slices"
	"strings"
)

// call evaluates $(name args). It knows the functions of make that only change text, and not those that run
// something or create rules.
func (v *variables) call(name, args string, depth int) (string, bool) {
	f, ok := functions[name]
	if !ok {
		return "", false
	}
	parts := arguments(args, f.args)
	if len(parts) < f.args {
		return "", false
	}
	for i, a := range parts {
		text, ok := v.expandAt(a, depth+1)
		if !ok {
			return "", false
		}
		parts[i] = text
	}
	if name == "wildcard" {
		return strings.Join(v.wildcards(parts[0]), " "), true
	}
	out := f.do(parts)
	return out, !v.spend(len(out))
}

// arguments splits at the commas outside of references, into at most n parts.
func arguments(s string, n int) []string {
	var out []string
	for len(out) < n-1 {
		i := topComma(s)
		if i < 0 {
			break
		}
		out = append(out, strings.TrimLeft(s[:i], " \t"))
		s = s[i+1:]
	}
	return append(out, strings.TrimLeft(s, " \t"))
}

func topComma(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] == '$' {
			i = endOfRef(s, i) - 1
		} else if s[i] == ',' {
			return i
		}
	}
	return -1
}

type function struct {
	args int
	do   func(args []string) string
}

var functions = map[string]function{
	"wildcard":  {1, nil},
	"strip":     {1, func(a []string) string { return strings.Join(strings.Fields(a[0]), " ") }},
	"sort":      {1, sortWords},
	"firstword": {1, func(a []string) string { return wordAt(a[0], 0) }},
	"lastword":  {1, func(a []string) string { return wordAt(a[0], -1) }},
	"dir":       {1, func(a []string) string { return mapWords(a[0], dirOf) }},
	"notdir": {1, func(a []string) string {
		return mapWords(a[0], func(w string) string { return w[strings.LastIndex(w, "/")+1:] })
	}},
	"basename": {1, func(a []string) string {
		return mapWords(a[0], func(w string) string { return strings.TrimSuffix(w, path.Ext(w)) })
	}},
	"abspath":  {1, func(a []string) string { return mapWords(a[0], path.Clean) }},
	"realpath": {1, func(a []string) string { return mapWords(a[0], path.Clean) }},
	"addprefix": {2, func(a []string) string {
		return mapWords(a[1], func(w string) string { return a[0] + w })
	}},
	"addsuffix": {2, func(a []string) string {
		return mapWords(a[1], func(w string) string { return w + a[0] })
	}},
	"subst": {3, func(a []string) string { return substText(a[0], a[1], a[2]) }},
	"patsubst": {3, func(a []string) string {
		return mapWords(a[2], func(w string) string { return patsubst(a[0], a[1], w) })
	}},
	"filter":     {2, func(a []string) string { return filter(a, true) }},
	"filter-out": {2, func(a []string) string { return filter(a, false) }},
}

// maxText limits the result of a chain of substitutions.
const maxText = 1 << 16

func mapWords(words string, f func(string) string) string {
	fs := strings.Fields(words)
	size := 0
	for i, w := range fs {
		if fs[i] = f(w); size+len(fs[i]) > maxText {
			return strings.Join(fs[:i], " ")
		}
		size += len(fs[i]) + 1
	}
	return strings.Join(fs, " ")
}

func substText(from, to, text string) string {
	if from == "" || strings.Count(text, from)*len(to) > maxText {
		return text
	}
	return strings.ReplaceAll(text, from, to)
}

func sortWords(a []string) string {
	fs := strings.Fields(a[0])
	slices.Sort(fs)
	return strings.Join(slices.Compact(fs), " ")
}

func wordAt(words string, i int) string {
	fs := strings.Fields(words)
	if len(fs) == 0 {
		return ""
	}
	if i < 0 {
		i = len(fs) - 1
	}
	return fs[i]
}

func dirOf(w string) string {
	if i := strings.LastIndex(w, "/"); i >= 0 {
		return w[:i+1]
	}
	return "./"
}

// stem returns the part of a word that the "%" of the pattern matches.
func stem(pattern, word string) (string, bool) {
	before, after, ok := strings.Cut(pattern, "%")
	if !ok {
		return "", pattern == word
	}
	if len(word) < len(before)+len(after) || !strings.HasPrefix(word, before) ||
		!strings.HasSuffix(word, after) {
		return "", false
	}
	return word[len(before) : len(word)-len(after)], true
}

func patsubst(from, to, word string) string {
	s, ok := stem(from, word)
	if !ok {
		return word
	}
	return strings.Replace(to, "%", s, 1)
}

func filter(a []string, keep bool) string {
	patterns := strings.Fields(a[0])
	if len(patterns) > 200 {
		return ""
	}
	return mapWords(a[1], func(w string) string {
		match := slices.ContainsFunc(patterns, func(p string) bool { _, ok := stem(p, w); return ok })
		if match != keep {
			return ""
		}
		return w
	})
}
