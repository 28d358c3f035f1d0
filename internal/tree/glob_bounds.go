package tree

import (
	"fmt"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Bounds of globs. A comparison tries the combinations of all alternatives in braces one after the other, so
// a glob of fifty characters could take a year. Everything else in a glob takes polynomial time.
const (
	maxGlob     = 4096    // bytes of one glob, as long as a path can be
	maxExpanded = 1 << 15 // bytes of all that the alternatives of one glob stand for
	maxGlobs    = 10_000  // globs of one list
)

// GlobsFault returns what is wrong with a list of globs: a clause that names the first bad one; "" if Match
// understands them all.
func GlobsFault(globs []string) string {
	if len(globs) > maxGlobs {
		return fmt.Sprintf("%d globs are too many; at most %d are compared", len(globs), maxGlobs)
	}
	for _, glob := range globs {
		if fault := globFault(strings.TrimPrefix(glob, "!")); fault != "" {
			return fmt.Sprintf("%q %s", shortened(glob), fault)
		}
	}
	return ""
}

// ValidGlob reports whether Match understands a glob.
func ValidGlob(glob string) bool { return globFault(strings.TrimPrefix(glob, "!")) == "" }

func globFault(glob string) string {
	switch {
	case len(glob) > maxGlob:
		return fmt.Sprintf("is longer than %d bytes", maxGlob)
	case !doublestar.ValidatePattern(glob):
		return "is not a glob"
	case tooMany(glob):
		return "has too many alternatives in braces; list them as several globs"
	}
	return ""
}

// tooMany reports whether the alternatives of a glob stand for too much text.
func tooMany(glob string) bool {
	return strings.Contains(glob, "{") && alternatives(glob)*len(glob) > maxExpanded
}

// alternatives returns how many globs without braces a valid glob stands for, and a number above maxExpanded
// for all that are more. Braces count at least twice, since each takes a copy of the glob.
func alternatives(glob string) int {
	open := []braces{{}}
	last := func() *braces { return &open[len(open)-1] }
	for i := 0; i < len(glob); i++ {
		switch glob[i] {
		case '\\':
			i++
		case '[':
			i = classEnd(glob, i)
		case '{':
			open = append(open, braces{})
		case ',':
			if len(open) > 1 {
				last().next()
			}
		case '}':
			inner := last().total()
			open = open[:len(open)-1]
			last().times(max(inner, 2))
		}
	}
	return last().total()
}

// braces counts the alternatives of one pair of braces.
type braces struct {
	before  int // of the alternatives before a comma
	current int // of the one behind it, less one
}

func (b *braces) times(n int) { b.current = min((b.current+1)*n, maxExpanded+1) - 1 }
func (b *braces) next()       { b.before, b.current = b.total(), 0 }
func (b *braces) total() int  { return min(b.before+b.current+1, maxExpanded+1) }

// classEnd returns the index of the bracket that ends a class.
func classEnd(glob string, start int) int {
	for i := start + 1; i < len(glob); i++ {
		switch glob[i] {
		case '\\':
			i++
		case ']':
			return i
		}
	}
	return len(glob)
}

// shortened returns the beginning of a glob that is too long for a message.
func shortened(glob string) string {
	if len(glob) <= 80 {
		return glob
	}
	return strings.ToValidUTF8(glob[:80], "") + "…"
}
