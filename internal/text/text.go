// Package text has the functions on text that packages on every floor need, and those that make text harmless
// which is not davit's own: names in manifests, strings of plans, paths, messages of other programs. Line and
// Block are for what davit prints in sentences and tables, JSON for what it prints for programs, and a Filter
// for what containers print. Package internal/ui calls them, so that nobody else has to think of it.
package text

import "strings"

// FirstLine returns the first line of s that is not blank, without the space around it. Errors of libraries
// and of other programs often have more lines than a message has room for.
func FirstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(line)
}
