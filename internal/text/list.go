package text

import "strings"

// And returns words as a sentence has them: "a, b and c".
func And(words []string) string { return joined(words, " and ") }

// Or returns words as a choice has them: "a, b or c".
func Or(words []string) string { return joined(words, " or ") }

func joined(words []string, conjunction string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + conjunction + words[last]
}
