package tree

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Match returns the files that match the globs, in the order of files: "**/*.go", "docs/" (all below),
// "main.go", and "!**/*_gen.go" for files to leave out, at any place in the list. A name without "*", "?",
// "[" or "{" is a file, or a folder with all below. Brackets also stand for themselves, since frameworks have
// them in names: "app/[id]/*.tsx". If all globs are exclusions, everything else matches; no globs match
// nothing. A glob that is not valid, or takes too long to compare (GlobsFault), matches nothing.
func Match(globs, files []string) []string {
	m := compile(globs)
	var matched []string
	for _, name := range files {
		if m.matches(name) {
			matched = append(matched, name)
		}
	}
	return matched
}

// FixedPart returns the folder, or the file, that a glob names before its first wildcard; "." for none.
func FixedPart(glob string) string {
	glob = strings.TrimPrefix(glob, "./")
	if literal(glob) {
		return path.Clean(glob)
	}
	base, _ := doublestar.SplitPattern(glob)
	return base
}

// A matcher is a list of globs, sorted by how they are compared.
type matcher struct {
	in, out []test
	names   map[string]bool // globs that are plain names, as most are
}

type test func(name string) bool

func compile(globs []string) matcher {
	m := matcher{names: map[string]bool{}}
	for _, glob := range globs {
		bare, not := strings.CutPrefix(glob, "!")
		bare = strings.TrimPrefix(bare, "./")
		switch {
		case not:
			m.out = append(m.out, compileOne(bare))
		case literal(bare):
			m.names[strings.TrimSuffix(bare, "/")] = true
		default:
			m.in = append(m.in, compileOne(bare))
		}
	}
	if len(m.in) == 0 && len(m.names) == 0 && len(m.out) > 0 {
		m.in = append(m.in, func(string) bool { return true })
	}
	return m
}

func (m matcher) matches(name string) bool {
	hit := func(t test) bool { return t(name) }
	return (m.named(name) || slices.ContainsFunc(m.in, hit)) && !slices.ContainsFunc(m.out, hit)
}

// named reports whether the file or a folder above it is among the names.
func (m matcher) named(name string) bool {
	if len(m.names) == 0 {
		return false
	}
	for ; name != "."; name = path.Dir(name) {
		if m.names[name] {
			return true
		}
	}
	return m.names["."]
}

func literal(glob string) bool { return !strings.ContainsAny(glob, `*?[{\`) }

func compileOne(glob string) test {
	if literal(glob) {
		return named(glob)
	}
	if end, ok := strings.CutPrefix(glob, "**/*"); ok && literal(end) && !strings.Contains(end, "/") {
		return func(name string) bool { return strings.HasSuffix(name, end) }
	}
	if !strings.Contains(glob, "[") || strings.Contains(glob, `\`) {
		return pattern(glob)
	}
	one, other := pattern(glob), bracketed(glob)
	return func(name string) bool { return one(name) || other(name) }
}

// named matches a file, or a folder with all below.
func named(name string) test {
	dir := strings.TrimSuffix(name, "/")
	return func(name string) bool { return dir == "." || name == dir || strings.HasPrefix(name, dir+"/") }
}

// bracketed matches a glob whose brackets stand for themselves.
func bracketed(glob string) test {
	if strings.ContainsAny(glob, "*?{") {
		return pattern(strings.ReplaceAll(glob, "[", `\[`))
	}
	return named(glob)
}

func pattern(glob string) test {
	if strings.HasSuffix(glob, "/") {
		glob += "**/*"
	}
	if globFault(glob) != "" {
		return func(string) bool { return false }
	}
	return func(name string) bool { return doublestar.MatchUnvalidated(glob, name) }
}
