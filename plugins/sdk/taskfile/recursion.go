package taskfile

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// synonyms are the names of one target in the built-in convention, for finding targets that call davit for
// themselves: if "test" of a Makefile is "davit test", davit would run make, which would run davit, without
// end. The same holds for "lint" that calls "davit style".
var synonyms = [][]string{
	{"init", "setup", "bootstrap", "deps", "dependencies"}, {"run", "start", "serve", "dev"},
	{"format", "fmt", "fix"}, {"style", "lint", "linter", "linters"}, {"test", "tests"}, {"build", "compile"},
	{"package", "image", "docker-build"},
	{"test-unit", "unit", "unit-test", "unit-tests", "unittest", "unittests", "test_unit", "test:unit"},
	{"test-functional", "functional-test", "functional-tests", "e2e", "test-e2e", "e2e-test", "e2e-tests",
		"test_functional", "test:e2e"},
	{"test-integration", "integration", "integration-test", "integration-tests", "test_integration",
		"test:integration"},
	{"security-sast", "sast"}, {"security-dependency-scan", "audit", "vulncheck"},
}

// CanonicalName returns the first of the synonyms of a name.
func CanonicalName(name string) string {
	for _, names := range synonyms {
		if slices.Contains(names, name) {
			return names[0]
		}
	}
	return name
}

// FindRecursion follows the needs of targets and their calls of davit, and returns the call of davit that
// leads back to the first target, or "". The edges function returns both for a name.
func FindRecursion(name string, edges func(string) (needs, davit []string)) string {
	type visit struct {
		at, call string // call is the call of davit that led here
	}
	type visited struct {
		at  string
		via bool
	}
	todo, seen := []visit{{name, ""}}, map[visited]bool{}
	for len(todo) > 0 {
		p := todo[0]
		todo = todo[1:]
		if seen[visited{p.at, p.call != ""}] {
			continue
		}
		seen[visited{p.at, p.call != ""}] = true
		needs, davit := edges(p.at)
		for _, d := range davit {
			call := cmp.Or(p.call, "davit "+d)
			if CanonicalName(d) == CanonicalName(name) {
				return call
			}
			todo = append(todo, visit{d, call})
		}
		for _, n := range needs {
			if n == name && p.call != "" {
				return p.call
			}
			todo = append(todo, visit{n, p.call})
		}
	}
	return ""
}

// Calls returns the targets for which the lines of a recipe call a program.
func Calls(recipe []string, program string) (targets []string) {
	for _, line := range recipe {
		for _, command := range Commands(line) {
			targets = append(targets, calledTargets(command, program)...)
		}
	}
	return targets
}

// Commands splits a line of shell into simple commands, each a list of words. It is approximate: it removes
// quotes.
func Commands(line string) (out [][]string) {
	line = strings.NewReplacer("{{", "", "}}", "").Replace(strings.TrimLeft(line, "@-+ \t"))
	for _, c := range strings.FieldsFunc(line,
		func(c rune) bool { return strings.ContainsRune(";&|\n(){}`", c) }) {
		words := strings.Fields(strings.NewReplacer(`"`, " ", `'`, " ", `\`, " ").Replace(c))
		if len(words) > 0 {
			out = append(out, words)
		}
	}
	return out
}

// fileCommands are commands that have a program as an argument and do not call it.
var fileCommands = []string{"echo", "printf", "cp", "mv", "rm", "ln", "install", "chmod", "tar", "zip",
	"strip", "test", "[", "command", "which", "#"}

// outputFlags are options whose value is the name of an output: "-o bin/davit".
var outputFlags = []string{"-o", "--output", "-t", "--tag", "--name", "--bin", "-p"}

// isProgram reports whether a word is the program, by its path or as an argument of "go run".
func isProgram(word, program string) bool {
	base, _, _ := strings.Cut(path.Base(word), "@")
	return base == program || base == program+".exe" || base == program+"-engine"
}

// calledTargets returns the arguments of the program that can be targets.
func calledTargets(words []string, program string) (targets []string) {
	if slices.Contains(fileCommands, words[0]) {
		return nil
	}
	i := slices.IndexFunc(words, func(w string) bool { return isProgram(w, program) })
	if i < 0 || i > 0 && slices.Contains(outputFlags, words[i-1]) {
		return nil
	}
	for _, w := range words[i+1:] {
		if w == "--" {
			break
		}
		if !strings.HasPrefix(w, "-") && !strings.Contains(w, "=") {
			targets = append(targets, w)
		}
	}
	return targets
}
