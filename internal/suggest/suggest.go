// Package suggest finds the name that a person probably meant.
package suggest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Nearest returns the candidates that are similar to word by edit distance, the nearest first and at most
// three. A word may be wrong in a third of its letters, and in two of a short one.
func Nearest(word string, candidates []string) []string {
	limit := max(2, len(word)/3)
	distance := map[string]int{}
	var near []string
	for _, c := range candidates {
		d := levenshtein.ComputeDistance(word, c)
		if _, seen := distance[c]; !seen && d <= limit && d < max(len(word), len(c)) {
			near = append(near, c)
		}
		distance[c] = d
	}
	slices.SortStableFunc(near, func(a, b string) int { return distance[a] - distance[b] })
	return near[:min(len(near), 3)]
}

// Quoted returns names as a question lists them: `"a" or "b"`.
func Quoted(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = strconv.Quote(name)
	}
	return strings.Join(quoted, " or ")
}
