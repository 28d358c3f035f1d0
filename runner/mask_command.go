package runner

import (
	"strings"

	"github.com/davit-dev/davit/internal/ui"
)

// maxCommand is the length up to which the line of a command is kept.
const maxCommand = 64 << 10

// maskCommands find the values that the output of a step asks GitHub Actions to mask, in text that comes in pieces.
type maskCommands struct{ line string }

// pass takes a piece of text, and returns the values of the commands that end in it.
func (c *maskCommands) pass(text string) (values []string) {
	for text != "" {
		line, rest, whole := cutLine(text)
		if c.line, text = c.line+line, rest; !whole {
			break
		}
		values = append(values, c.rest()...)
	}
	if len(c.line) > maxCommand {
		c.line = " "
	}
	return values
}

// rest returns the value of a command whose line has no end.
func (c *maskCommands) rest() (values []string) {
	if value, is := ui.AddedMask(c.line); is {
		values = []string{value}
	}
	c.line = ""
	return values
}

// cutLine returns a text before and behind the first end of a line.
func cutLine(text string) (line, rest string, whole bool) {
	at := strings.IndexAny(text, "\r\n")
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+1:], true
}
