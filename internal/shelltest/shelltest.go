// Package shelltest has scripts of the POSIX shell, each with what it prints and its exit code. The tests of
// the host run them with the system's sh, and those of containers with the sh of an image, so that a script
// means the same in both places.
//
// A script runs in an empty folder, with -e, empty input and Args as its arguments.
package shelltest

import (
	"fmt"
	"slices"
)

// Args are the arguments of each script.
var Args = []string{"a b", "c"}

// AnyFailure is the exit code of a snippet that fails with one that differs between shells.
const AnyFailure = -1

// A Snippet is a script with what it does.
type Snippet struct {
	// Name is unique.
	Name   string
	Script string
	// Out is what the script prints on standard output.
	Out string
	// Exit is the exit code, or AnyFailure.
	Exit int
	// Says means that the script prints to standard error. What it says differs between shells.
	Says bool
}

// Differs returns in what a script has not done what it should, or "".
func (s Snippet) Differs(out, errs string, exit int) string {
	switch {
	case out != s.Out:
		return fmt.Sprintf("it printed %q, wanted %q; standard error has %q", out, s.Out, errs)
	case exit != s.Exit && (s.Exit != AnyFailure || exit == 0):
		return fmt.Sprintf("its exit code is %d, wanted %d; standard error has %q", exit, s.Exit, errs)
	case (errs != "") != s.Says:
		return fmt.Sprintf("standard error has %q, wanted any: %v", errs, s.Says)
	}
	return ""
}

// All returns the snippets.
func All() []Snippet {
	return slices.Concat(words, parameters, arithmetic, control, failures, traps, processes, redirections,
		limits, input, lineEnds)
}
