package app

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// lenient returns a sentence for each file of pipelines in which warnings of a compiler are errors, and are none of a step.
func (d *done) lenient(calls []pipelines.Call) (all []string) {
	var files []string
	for _, c := range calls {
		strict := strictness(c)
		if strict == "" || c.Ignored != "" || slices.Contains(files, c.File) {
			continue
		}
		_, does := d.find(func(s doneCall) bool { return d.reaches(s.Call, c) && isAsStrict(s.Call, c) })
		if !does {
			files = append(files, c.File)
			all = append(all, fmt.Sprintf("style has warnings of the compiler that are errors in %s: %s", c.File, d.lists.short(strict+" "+c.Plain())))
		}
	}
	return all
}

// compilersOfC are programs that compile C, or have it compiled.
var compilersOfC = []string{"cmake", "make", "gmake", "ninja", "meson", "cc", "gcc", "g++", "c++", "clang", "clang++", "configure"}

// strictness returns the variable by which warnings are errors where a command compiles, as RUSTFLAGS="-D warnings"; "" if
// there is none.
func strictness(c pipelines.Call) string {
	words := plainWords(c)
	verb := words[min(1, len(words)-1)]
	switch program := path.Base(words[0]); {
	case program == "cargo" && slices.Contains([]string{"build", "b", "check", "c", "test", "t", "nextest", "clippy"}, verb):
		if flags := c.Variable("RUSTFLAGS"); len(deniedIn(flags)) > 0 {
			return `RUSTFLAGS="` + flags + `"`
		}
	case slices.Contains(compilersOfC, program):
		for _, name := range []string{"CFLAGS", "CXXFLAGS"} {
			if flags := c.Variable(name); slices.Contains(strings.Fields(flags), "-Werror") {
				return name + `="` + flags + `"`
			}
		}
	}
	return ""
}

// isAsStrict reports whether the warnings that are errors where a command compiles are errors of a step.
func isAsStrict(s, c pipelines.Call) bool {
	if path.Base(plainWords(c)[0]) != "cargo" {
		return strictness(s) == strictness(c)
	}
	words := plainWords(s)
	if words[0] != "cargo" {
		return false
	}
	has := append(deniedIn(s.Variable("RUSTFLAGS")), denied(words)...)
	return !slices.ContainsFunc(deniedIn(c.Variable("RUSTFLAGS")), func(one string) bool { return !slices.Contains(has, one) })
}

// deniedIn returns the lints that flags of rustc deny.
func deniedIn(flags string) []string { return denied(append([]string{"--"}, strings.Fields(flags)...)) }
