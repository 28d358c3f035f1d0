package cli

import (
	"strings"

	"github.com/davit-dev/davit/internal/secret"
	"github.com/davit-dev/davit/internal/text"
)

// hide has nothing that is printed from now on have a value, line by line, and in none of the forms in which
// programs print values. Short ones, numbers and names of hosts stay readable.
func (c *call) hide(value string) {
	for line := range strings.Lines(value) {
		if line = strings.TrimSpace(line); secret.Hideable(line) {
			c.mask.Hide(line)
			c.mask.Add(text.Line(line), string(text.JSON([]byte(line)))) // as ui prints what is not davit's own
		}
	}
}
