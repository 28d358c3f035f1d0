// Package text has the functions on text that packages on every floor need.
package text

import "strings"

// FirstLine returns the first line of s that is not blank, without the space around it. Errors of libraries
// and of other programs often have more lines than a message has room for.
func FirstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(line)
}
