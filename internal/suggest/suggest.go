// Package suggest finds the name that a person probably meant.
package suggest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Nearest returns the candidates that are similar to word by edit distance, the nearest first and at most
// three. A word may be wrong in a third of its letters, and in one of a short one; that two letters are swapped counts
// as one, and upper case as none.
func Nearest(word string, candidates []string) []string {
	limit := max(1, len(word)/3)
	distance := map[string]int{}
	var near []string
	for _, c := range candidates {
		d := distanceOf(strings.ToLower(word), strings.ToLower(c))
		if _, seen := distance[c]; !seen && d <= limit && d < max(len(word), len(c)) {
			near = append(near, c)
		}
		distance[c] = d
	}
	slices.SortStableFunc(near, func(a, b string) int { return distance[a] - distance[b] })
	return near[:min(len(near), 3)]
}

// distanceOf returns the edit distance of two words, where two neighbours that are swapped count as one.
func distanceOf(a, b string) int {
	d := levenshtein.ComputeDistance(a, b)
	if d == 2 && swapped(a, b) {
		return 1
	}
	return d
}

// swapped reports whether two words are the same but for two neighbours that have changed places.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) - 1 {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}

// Quoted returns names as a question lists them: `"a" or "b"`.
func Quoted(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = strconv.Quote(name)
	}
	return strings.Join(quoted, " or ")
}
