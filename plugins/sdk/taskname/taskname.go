// Package taskname says by the words of its name what a task is for: a script of package.json, a target of a Makefile.
// It has the one list of words that name checks; what a task runs is not its concern.
package taskname

import (
	"slices"
	"strings"
)

var (
	// checkers are words that alone say that a task checks sources.
	checkers = strings.Fields("lint linter linters linting style styles codestyle checkstyle vet govet " +
		"type types typing typings typecheck typescript tsc tsd tsgo mypy pyright " +
		"ruff flake8 pylint clippy staticcheck golangci rubocop shellcheck fmtcheck checkfmt " +
		"eslint tslint stylelint oxlint xo standard biome")
	// verifying are words that say that a task checks something; comparing say it only beside the name of a formatter.
	verifying = strings.Fields("check checks verify")
	comparing = strings.Fields("diff ci test")
	// formats are formatters, and what they are about.
	formats = strings.Fields("fmt format formatting formatted gofmt rustfmt prettier oxfmt dprint black isort imports")
	// rewriting are words of tasks that may write.
	rewriting = strings.Fields("fix no only quiet")
	// tests are words of tasks that run tests.
	tests = strings.Fields("test tests unit e2e spec coverage validate")
	// subjects are the words that a check may have besides.
	subjects = strings.Fields("all code source sources src test tests go golang js jsx ts tsx py python rust css scss less " +
		"md markdown json yaml yml html vue sh strict backend frontend client server api web lib pkg package root spelling")
)

// Checks reports whether a name says that a task checks sources, and does nothing else: each word of it is a tool, a
// subject, or says that it checks. "fmt" alone writes, and "fmt-check" checks.
func Checks(name string) bool {
	words := Words(name)
	return allKnown(words, checkers, verifying, comparing, formats, subjects) &&
		(has(words, checkers) || has(words, verifying, comparing) && has(words, formats))
}

// MayCheck reports whether a name is one of a task that checks sources, if what it runs only checks: "check", "lint:fix".
// Behind "lint:" any subject is.
func MayCheck(name string) bool {
	words := Words(name)
	return strings.HasPrefix(name, "lint:") ||
		allKnown(words, checkers, verifying, comparing, formats, subjects, rewriting) && has(words, checkers, verifying)
}

// ChecksOrTests reports whether a name sounds like a check or a test: "unittests", "run-lint", "format".
func ChecksOrTests(name string) bool {
	return slices.ContainsFunc(Words(name), func(word string) bool {
		return slices.ContainsFunc(slices.Concat(checkers, verifying, formats, tests), func(known string) bool {
			return strings.HasPrefix(word, known) || strings.HasSuffix(word, known)
		})
	})
}

// Words returns the words that a name is made of, in lower case.
func Words(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("-_:.", r) })
}

// allKnown reports whether each word is in one of the lists.
func allKnown(words []string, lists ...[]string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !has([]string{word}, lists...) })
}

// has reports whether a word is in one of the lists.
func has(words []string, lists ...[]string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return slices.ContainsFunc(lists, func(list []string) bool { return slices.Contains(list, word) })
	})
}
