package ui

import "strings"

// Branches returns the lines to draw before the names of a tree, given the depth of each in the order of
// display.
func Branches(depths []int) []string {
	out := make([]string, len(depths))
	for i, depth := range depths {
		var b strings.Builder
		for level := 1; level <= depth; level++ {
			b.WriteString(branch(hasNext(depths[i+1:], level), level == depth))
		}
		out[i] = b.String()
	}
	return out
}

// hasNext reports whether another name at a level follows before the tree returns from it.
func hasNext(depths []int, level int) bool {
	for _, d := range depths {
		if d <= level {
			return d == level
		}
	}
	return false
}

func branch(more, here bool) string {
	switch {
	case here && more:
		return "├─ "
	case here:
		return "└─ "
	case more:
		return "│  "
	}
	return "   "
}
