package host

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/davit-dev/davit/runner"
)

const installSh = "install a POSIX shell, such as that of Git for Windows, or run the step in a container: " +
	"--on container"

// noBuiltins are the builtins of POSIX that the interpreter does not have.
var noBuiltins = []string{"bg", "fc", "fg", "jobs", "kill", "newgrp", "times", "ulimit", "umask"}

// unsupported returns an error about the first thing in a script that the interpreter does otherwise than sh,
// or not at all, or a program that comes with sh and is not there. It is a *ScriptError, and nil for a script that can
// run without sh.
func (r *Runner) unsupported(s runner.Step, file *syntax.File) error {
	var found *ScriptError
	functions := functionsOf(file)
	syntax.Walk(file, func(node syntax.Node) bool {
		what := unsupportedIn(node)
		if call, ok := node.(*syntax.CallExpr); ok && what == "" && len(call.Args) > 0 {
			if name := call.Args[0].Lit(); !functions[name] && r.lacks(s, name) {
				what = name
			}
		}
		if what != "" && found == nil {
			found = &ScriptError{
				Step: s.ID, Line: node.Pos().Line(), Column: node.Pos().Col(),
				Text: what + " needs sh, which this system does not have",
				Next: installSh,
			}
		}
		return found == nil
	})
	if found == nil {
		return nil
	}
	return found
}

// unsupportedIn returns what the interpreter cannot do of one node of a script, or "".
func unsupportedIn(node syntax.Node) string {
	switch n := node.(type) {
	case *syntax.Redirect:
		return unsupportedRedirect(n)
	case *syntax.CallExpr:
		if len(n.Args) > 0 {
			return unsupportedCall(n.Args[0].Lit(), literals(n.Args[1:]))
		}
	}
	return ""
}

// unsupportedRedirect returns what the interpreter cannot do of a redirection, or "": it has the descriptors
// 0, 1 and 2 only.
func unsupportedRedirect(n *syntax.Redirect) string {
	ends := map[syntax.RedirOperator][]string{syntax.DplIn: {"-"}, syntax.DplOut: {"1", "2", "-"}}
	to, copies := ends[n.Op]
	switch word := n.Word.Lit(); {
	case n.N != nil && !slices.Contains([]string{"0", "1", "2"}, n.N.Value):
		return "descriptor " + n.N.Value
	case n.Op == syntax.RdrInOut || n.Op == syntax.RdrClob:
		return "the redirection " + n.Op.String()
	case copies && !slices.Contains(to, word):
		return "the redirection " + n.Op.String() + word
	}
	return ""
}

// unsupportedCall returns what the interpreter cannot do of a command, or "".
func unsupportedCall(name string, args []string) string {
	switch {
	case slices.Contains(noBuiltins, name):
		return name
	case name == "trap":
		return unsupportedTrap(args)
	case name == "set":
		return unsupportedOption(args)
	}
	return ""
}

// unsupportedTrap returns what the interpreter cannot do of a trap, or "": it knows no signals.
func unsupportedTrap(args []string) string {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	for _, condition := range args[min(1, len(args)):] {
		if condition != "EXIT" {
			return "trap of " + condition
		}
	}
	return ""
}

// options are the options of set that the interpreter has.
var options = []string{"allexport", "errexit", "noexec", "noglob", "nounset", "xtrace", "pipefail"}

// unsupportedOption returns the first option of set that the interpreter does not have, or "".
func unsupportedOption(args []string) string {
	for i, arg := range args {
		switch {
		case arg == "--" || !strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "+"):
			return ""
		case arg[1:] == "o" && i+1 < len(args):
			if !slices.Contains(options, args[i+1]) {
				return "set -o " + args[i+1]
			}
			return unsupportedOption(args[i+2:])
		case strings.Trim(arg[1:], "aefnuxo") != "":
			return "set " + arg
		}
	}
	return ""
}

// literals returns words that need no expansion as they are, and others as "".
func literals(words []*syntax.Word) (all []string) {
	for _, w := range words {
		all = append(all, w.Lit())
	}
	return all
}
