package runner

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxArgument is how many bytes of a script are passed as one argument. Linux takes 128 KiB.
const MaxArgument = 100_000

// ShellArgv returns the command of a "shell" step, for the host and for containers: sh -ec SCRIPT sh ARGS….
// A script that is too long for one argument is passed in pieces, which another script joins.
func (s Step) ShellArgv() []string {
	script := s.Plan.Script
	if strings.HasPrefix(script, "-") || strings.HasPrefix(script, "+") {
		script = " " + script // sh would take it for an option
	}
	pieces := cutScript(script)
	if len(pieces) == 1 {
		return slices.Concat([]string{"sh", "-ec", script, "sh"}, s.Args)
	}
	return slices.Concat([]string{"sh", "-ec", joinScript(len(pieces)), "sh"}, pieces, s.Args)
}

// joinScript returns a script that runs the script in its first n arguments, with the others as "$@". Its
// lines keep their numbers.
func joinScript(n int) string {
	text := fmt.Sprintf(`eval "shift %d;`, n)
	for i := range n {
		text += fmt.Sprintf("${%d}", i+1)
	}
	return text + `"`
}

// cutScript cuts a script into pieces that fit into one argument each.
func cutScript(script string) (pieces []string) {
	for len(script) > MaxArgument {
		end := MaxArgument
		for end > MaxArgument-utf8.UTFMax && !utf8.RuneStart(script[end]) {
			end--
		}
		pieces, script = append(pieces, script[:end]), script[end:]
	}
	return append(pieces, script)
}
