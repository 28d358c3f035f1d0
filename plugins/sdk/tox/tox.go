// Package tox reads the lists, conditions and substitutions in the configuration of tox: names with alternatives in braces,
// lines that count for some factors only, and values in braces. It has no part of the files themselves.
package tox

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// Words returns the words of a list that is separated by commas, spaces or lines, except inside of braces.
func Words(text string) []string {
	depth := 0
	return strings.FieldsFunc(text, func(r rune) bool {
		switch r {
		case '{':
			depth++
		case '}':
			depth--
		}
		return depth == 0 && strings.ContainsRune(" \t\r\n,;=", r)
	})
}

// maxNames is how many names an expression may stand for.
const maxNames = 200

// Expand returns the names that an expression stands for, at most 200: "py{39,310}-x" is "py39-x" and "py310-x".
func Expand(text string) []string {
	open := strings.IndexByte(text, '{')
	end := strings.IndexByte(text, '}')
	if open < 0 || end < open {
		return []string{text}
	}
	var out []string
	for _, one := range strings.Split(text[open+1:end], ",") {
		for _, name := range Expand(text[:open] + strings.TrimSpace(one) + text[end+1:]) {
			if len(out) < maxNames {
				out = append(out, name)
			}
		}
	}
	return out
}

// List returns the names of a list of environments.
func List(text string) (names []string) {
	for _, word := range Words(text) {
		names = append(names, Expand(word)...)
	}
	return names
}

// Line returns a line without its condition, or "" if the condition is not that of the environment: "lint: ruff check",
// "py{39,312}-!old: pytest".
func Line(line, env string) string {
	condition, rest, ok := strings.Cut(line, ":")
	if !ok || strings.ContainsAny(condition, " /=\"'<>[(") || strings.HasPrefix(rest, "/") ||
		strings.Count(condition, "{") != strings.Count(condition, "}") {
		return line
	}
	for _, alternative := range List(condition) {
		if meets(env, alternative) {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// meets reports whether an environment has all factors of a condition, and none that it excludes.
func meets(env, condition string) bool {
	factors := strings.Split(env, "-")
	return !slices.ContainsFunc(strings.Split(condition, "-"), func(factor string) bool {
		bare, not := strings.CutPrefix(factor, "!")
		return slices.Contains(factors, bare) == not
	})
}

// The substitutions that are known without the files: the folder of the project, programs, and the default of a variable.
var (
	folder   = sdk.LazyRegexp(`\{(?:toxinidir|tox_root)\}[/\\]?|\{/\}`)
	programs = sdk.LazyRegexp(`\{envpython\}|\{env_python\}|\{envbindir\}/|\{env_bin_dir\}/`)
	variable = sdk.LazyRegexp(`\{env:\w+:([^{}]*)\}`)
)

// Substitute returns a value with its substitutions that are known without the files: variables have their defaults, and the
// folder of the project is ".".
func Substitute(value string) string {
	if !strings.Contains(value, "{") {
		return value
	}
	value = variable().ReplaceAllString(value, "$1")
	value = programs().ReplaceAllStringFunc(value, func(word string) string {
		if strings.HasSuffix(word, "}") {
			return "python"
		}
		return ""
	})
	return folder().ReplaceAllStringFunc(value, func(word string) string {
		switch {
		case word == "{/}":
			return "/"
		case strings.HasSuffix(word, "}"):
			return "."
		}
		return "./"
	})
}
