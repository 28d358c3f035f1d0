package dependencies

import (
	"regexp"
	"strings"
)

// A verdict is what the tests of a project say: "green", "red" with the version of mast that they have seen, or
// "refused" if they have not run to the end.
type verdict string

const (
	green   verdict = "green"
	red     verdict = "red "
	missing         = red + "none"
	refused verdict = "refused"
)

var saw = regexp.MustCompile(`saw mast (\d[.\d]*|none|in an old Python)`)

// verdictOf returns the verdict of a command from its exit code and from what it has printed.
func verdictOf(code int, said string) verdict {
	found := saw.FindStringSubmatch(said)
	switch {
	case code == 0:
		return green
	case found == nil:
		return refused
	}
	return red + verdict(strings.TrimSpace(found[1]))
}
