package pipelines

import (
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// textFunctions are the functions of make that only change text, by the number of their arguments.
var textFunctions = map[string]int{"addprefix": 2, "addsuffix": 2, "patsubst": 3, "subst": 3, "foreach": 3, "sort": 1, "strip": 1}

// evaluated returns a line of a Makefile with the values of its functions of text, and of variables with another ending:
// "suite-a suite-b" of "$(addprefix suite-,a b)". What depends on a variable that is not known stays as it is.
func evaluated(line string, variables map[string]string) string {
	for end := len(line); ; {
		at := strings.LastIndex(line[:end], "$(")
		if at < 0 || len(line) > 4096 {
			return line
		}
		end = at
		after := at + 1 + recipes.LengthOfParentheses(line[at+1:])
		inner, closed := strings.CutSuffix(line[at+2:after], ")")
		if value, ok := valueOf(inner, variables); ok && closed {
			line = line[:at] + value + line[after:]
		}
	}
}

// valueOf returns the value of what stands in "$(…)".
func valueOf(inner string, variables map[string]string) (string, bool) {
	if args, ok := strings.CutPrefix(inner, "call "); ok {
		return macroOf(strings.Split(args, ","), variables)
	}
	if name, args, ok := strings.Cut(inner, " "); ok && textFunctions[name] > 0 {
		return callOf(name, strings.SplitN(args, ",", textFunctions[name]))
	}
	name, rule, ok := strings.Cut(inner, ":")
	from, to, is := strings.Cut(rule, "=")
	value, known := variables[name]
	if !ok || !is || !known || strings.Contains(value, "$") {
		return "", false
	}
	if !strings.Contains(from, "%") {
		from, to = "%"+from, "%"+to
	}
	return callOf("patsubst", []string{from, to, value})
}

// macroOf returns the text of a macro with its arguments: "$(call run,go test)".
func macroOf(args []string, variables map[string]string) (string, bool) {
	text, ok := variables[strings.TrimSpace(args[0])]
	for i, arg := range args[1:] {
		number := strconv.Itoa(i + 1)
		text = strings.NewReplacer("$("+number+")", arg, "${"+number+"}", arg).Replace(text)
	}
	return text, ok
}

// callOf returns the value of a function of text.
func callOf(name string, args []string) (string, bool) {
	list := args[len(args)-1]
	if name == "foreach" && len(args) == 3 {
		list = args[1]
	}
	if len(args) < textFunctions[name] || strings.Contains(list, "$") {
		return "", false
	}
	words := strings.Fields(list)
	for i, w := range words {
		words[i] = eachOf(name, args, w)
	}
	if name == "sort" {
		slices.Sort(words)
	}
	return strings.Join(words, " "), true
}

// eachOf returns what a function makes of one word.
func eachOf(name string, args []string, word string) string {
	first := strings.TrimSpace(args[0])
	switch name {
	case "addprefix":
		return first + word
	case "addsuffix":
		return word + first
	case "subst":
		return strings.ReplaceAll(word, args[0], args[1])
	case "patsubst":
		if stem, ok := stemOf(first, word); ok {
			return strings.Replace(strings.TrimSpace(args[1]), "%", stem, 1)
		}
	case "foreach":
		return strings.NewReplacer("$("+first+")", word, "${"+first+"}", word).Replace(strings.TrimSpace(args[2]))
	}
	return word
}

// stemOf returns the part of a word that the "%" of a pattern matches.
func stemOf(pattern, word string) (string, bool) {
	before, after, ok := strings.Cut(pattern, "%")
	if !ok || len(word) <= len(before)+len(after) || !strings.HasPrefix(word, before) || !strings.HasSuffix(word, after) {
		return "", false
	}
	return word[len(before) : len(word)-len(after)], true
}
