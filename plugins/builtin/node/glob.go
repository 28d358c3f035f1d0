package node

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
)

// Bounds of globs. The alternatives in braces multiply, so that a glob of a hundred characters could stand for
// millions of others.
const (
	maxGlob     = 4096    // bytes of one glob, as long as a path can be
	maxExpanded = 1 << 15 // bytes of all that the alternatives of one list of globs stand for
)

// globsFault returns what is wrong with a list of globs: a clause that names the first bad one; "" if they are
// within the bounds.
func globsFault(globs []string) string {
	total := 0
	for _, glob := range globs {
		if len(glob) > maxGlob {
			return fmt.Sprintf("the glob %q… is longer than %d bytes", glob[:80], maxGlob)
		}
		if !strings.Contains(glob, "{") {
			continue
		}
		for part := range strings.SplitSeq(glob, "/") {
			all, ok := alternatives(part)
			total += bytesOf(all)
			if !ok || total > maxExpanded {
				return fmt.Sprintf("the glob %.80q has too many alternatives in braces; list them as several globs", glob)
			}
		}
	}
	return ""
}

// matchPath matches a path. "**" is any number of folders, none as well.
func matchPath(pattern, parts []string) bool {
	at := make([]bool, len(parts)+1) // the lengths of the beginnings of parts that match so far
	at[0] = true
	for _, part := range pattern {
		next := make([]bool, len(at))
		for i := range at {
			switch {
			case part == "**":
				next[i] = at[i] || i > 0 && next[i-1]
			case i > 0:
				next[i] = at[i-1] && matchPart(part, parts[i-1])
			}
		}
		at = next
	}
	return at[len(parts)]
}

// matchPart matches one part of a path. "{a,b}" is an alternative. A pattern that stands for too much matches
// nothing.
func matchPart(pattern, name string) bool {
	all, _ := alternatives(pattern)
	return slices.ContainsFunc(all, func(one string) bool {
		ok, err := path.Match(one, name)
		return err == nil && ok
	})
}

// expansions has the alternatives of patterns with braces, since one is compared with many names.
var expansions sync.Map

// alternatives returns the patterns without braces that a pattern stands for; false if they are too much.
func alternatives(pattern string) ([]string, bool) {
	if !strings.Contains(pattern, "{") {
		return []string{pattern}, true
	}
	if known, ok := expansions.Load(pattern); ok {
		return known.([]string), known.([]string) != nil
	}
	all := withoutBraces(pattern)
	expansions.Store(pattern, all)
	return all, all != nil
}

// withoutBraces replaces pairs of braces by each of their alternatives, in all patterns at once, until none is
// there. It returns nil for what is over the bounds.
func withoutBraces(pattern string) []string {
	if len(pattern) > maxGlob {
		return nil
	}
	all := []string{pattern}
	for more := true; more; {
		var next []string
		more = false
		for _, one := range all {
			expanded, had := innermost(one)
			next, more = append(next, expanded...), more || had
			if bytesOf(next) > maxExpanded {
				return nil
			}
		}
		slices.Sort(next)
		all = slices.Compact(next)
	}
	return all
}

// innermost returns what a pattern stands for by its first pair of braces without others in it; the pattern
// itself if it has none.
func innermost(pattern string) (all []string, had bool) {
	for end := range len(pattern) {
		start := strings.LastIndexByte(pattern[:end], '{')
		if pattern[end] != '}' || start < 0 {
			continue
		}
		for one := range strings.SplitSeq(pattern[start+1:end], ",") {
			all = append(all, pattern[:start]+one+pattern[end+1:])
		}
		return all, true
	}
	return []string{pattern}, false
}

func bytesOf(all []string) (n int) {
	for _, one := range all {
		n += len(one) + 1
	}
	return n
}
