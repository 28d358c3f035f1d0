package main

import (
	"regexp"
	"slices"
	"strings"
)

// toxArgs returns the arguments with which the one environment of tox.ini calls pytest: they are the project's own way
// of testing. It returns nil if there are several environments, or other commands.
func (pr *project) toxArgs() []string {
	lines := pr.toxIni.lines("testenv", "commands")
	if len(lines) != 1 || len(strings.FieldsFunc(pr.toxIni.text("envlist")+pr.toxIni.text("env_list"), separates)) != 1 {
		return nil
	}
	words := splitWords(posargs.ReplaceAllString(lines[0], ""))
	if len(words) > 2 && words[0] == "python" && words[1] == "-m" {
		words = words[2:]
	}
	if len(words) == 0 || words[0] != "pytest" || strings.Contains(strings.Join(words, ""), "{") {
		return nil
	}
	return words[1:]
}

// posargs matches the place of the arguments of tox itself.
var posargs = regexp.MustCompile(`\{posargs(:[^{}]*)?\}`)

// toxDeps returns the requirements of the environments of tox.ini, without those of one environment alone.
func (pr *project) toxDeps() []requirement {
	return requirements(slices.DeleteFunc(pr.toxIni.lines("testenv", "deps"), func(line string) bool {
		return strings.HasPrefix(line, "-") || strings.ContainsAny(line, "{:/")
	}))
}
