package ui

import "strings"

// Branches are what stands before the names of a tree, given how deep each is, in the order in which they are shown.
func Branches(depths []int) []string {
	out := make([]string, len(depths))
	for i, depth := range depths {
		var b strings.Builder
		for level := 1; level <= depth; level++ {
			b.WriteString(branch(goesOn(depths[i+1:], level), level == depth))
		}
		out[i] = b.String()
	}
	return out
}

// goesOn tells whether there is another one at a level before the tree comes back from it.
func goesOn(depths []int, level int) bool {
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
