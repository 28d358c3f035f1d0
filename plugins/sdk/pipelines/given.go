package pipelines

import (
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// giving reads the tasks of a command with the variables that it gives them: "make test STRICT=1". A Makefile that one calls
// has them, too.
func (r *pipelineReader) giving(c recipes.Command, read func()) {
	outer := r.given
	r.given = append(outer[:len(outer):len(outer)], assignedIn(c.Words)...)
	read()
	r.given = outer
}

// givenTo returns those variables of a file with recipes whose values are given: by the command, or of a Makefile with
// "STRICT ?= 0" by the environment.
func (r *pipelineReader) givenTo(t *taskText, kind recipeKind) (given []string) {
	for _, v := range r.env {
		name, _, _ := strings.Cut(v, "=")
		if replaces, known := t.assigned[name]; known && !replaces && kind.tool == makeKind.tool {
			given = append(given, v)
		}
	}
	for _, v := range r.given {
		name, _, _ := strings.Cut(v, "=")
		if _, known := t.assigned[name]; known && !slices.Contains(given, v) {
			given = append(given, v)
		}
	}
	return given
}

// valuesOf returns the values of variables by their names.
func valuesOf(pairs []string) map[string]string {
	values := map[string]string{}
	for _, v := range pairs {
		name, value, _ := strings.Cut(v, "=")
		values[name] = value
	}
	return values
}

// givenOr returns the value of a variable of a Taskfile: one that a command gives replaces that of the file, and the default of
// a task, "{{.STRICT | default "0"}}".
func givenOr(given map[string]string, name, text string, ofTask bool) string {
	value, ok := given[name]
	if !ok || ofTask && !isDefaultOf(name, text) {
		return text
	}
	return value
}

// isDefaultOf reports whether a text of Task is a variable, or its default.
func isDefaultOf(name, text string) bool {
	return regexp.MustCompile(`^\{\{-?\s*(default\s+\S+\s+)?\.` + regexp.QuoteMeta(name) + `\b[^{}]*\}\}$`).MatchString(strings.TrimSpace(text))
}
